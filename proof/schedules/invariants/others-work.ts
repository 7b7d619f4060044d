import type { LedgerEntry } from '../../../simulator/index.js';
import { ANALYST, PLAYBOOK } from '../schedule.js';
import type { Seen } from '../seen.js';
import { Findings } from './findings.js';
import { couldHaveKnown, Past } from './past.js';

/**
 * (e) What somebody else did is left alone: their isolation, their bans, their sessions. Where they did it between our look and
 * our change, and no answer could have told us, that is a race on a server without transactions: counted.
 */
export function othersWorkStands(seen: Seen): Findings {
  const findings = new Findings();
  findings.looksAt(othersWork(seen));
  const past = new Past(seen);
  const mine = new Set(seen.schedule.hosts.map(({ sensorId }) => sensorId));
  const openedBy = new Map(seen.atRest.sessions.map((session) => [session.id, session.openedBy]));
  for (const entry of seen.ledger) {
    if (entry.by !== PLAYBOOK) continue;
    const { sensorId, sessionId } = entry;
    if (entry.effect === 'wish-cleared' && sensorId !== undefined && mine.has(sensorId))
      wish(seen, past, entry, sensorId, findings);
    if (entry.effect === 'unbanned') unban(seen, entry, findings);
    const isOthers = sessionId !== undefined && openedBy.get(sessionId) !== PLAYBOOK;
    if (entry.effect === 'session-closed' && isOthers && mine.has(sensorId ?? -1))
      findings.violated(`${JSON.stringify(entry)}: that session is somebody else's`);
  }
  return findings;
}

/** Isolations, bans and sessions that are not ours. */
function othersWork({ schedule, atStart, atRest, ledger }: Seen): number {
  const byOthers = ({ by, effect }: LedgerEntry): boolean =>
    by !== PLAYBOOK && ['wish-set', 'banned', 'session-opened'].includes(effect);
  return (
    schedule.hosts.filter(({ isolatedBefore }) => isolatedBefore).length +
    atStart.bans.filter(({ enabled }) => enabled).length +
    Math.max(
      ledger.filter(byOthers).length,
      atRest.sessions.filter(({ openedBy }) => openedBy !== PLAYBOOK).length,
    )
  );
}

function wish(seen: Seen, past: Past, entry: LedgerEntry, sensorId: number, findings: Findings): void {
  const owner = past.wishOwnerAt(sensorId, entry.at - 1);
  if (owner === PLAYBOOK || owner === null) return;
  const setAt = seen.ledger.findLast(
    (e) => e.sensorId === sensorId && e.effect === 'wish-set' && e.at < entry.at,
  )?.at;
  if (setAt === undefined || couldHaveKnown(seen, `/api/v1/sensor/${sensorId}`, setAt, entry.at))
    findings.violated(`${JSON.stringify(entry)}: that isolation was ${owner}'s`);
  else findings.count('somebody wished between our look and our change');
}

function unban(seen: Seen, entry: LedgerEntry, findings: Findings): void {
  const { md5 = '', at } = entry;
  const key = md5.toLowerCase();
  const before = seen.atStart.bans.some((ban) => ban.md5.toLowerCase() === key && ban.enabled);
  const last = seen.ledger.findLast(
    (e) => e.effect === 'banned' && e.md5?.toLowerCase() === key && e.at <= at,
  );
  // A ban that stands already is only given another text and owner: no effect, so not in the ledger.
  const byHand = seen.deeds.findLast(
    (deed) =>
      deed.what === 'console-ban' && deed.md5?.toLowerCase() === key && deed.code === null && deed.at <= at,
  );
  const owner =
    byHand !== undefined && byHand.at >= (last?.at ?? 0) ? ANALYST : (last?.by ?? (before ? ANALYST : null));
  if (owner === PLAYBOOK) return;
  const since = byHand?.at ?? last?.at ?? 0;
  if (couldHaveKnown(seen, `/api/v1/banning/blacklist/${md5}`, since, at))
    findings.violated(`${JSON.stringify(entry)}: that ban was ${owner ?? 'nobody'}'s`);
  else findings.count('somebody banned between our look and our change');
}
