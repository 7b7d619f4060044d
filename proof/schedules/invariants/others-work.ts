import type { LedgerEntry } from '../../../simulator/index.js';
import { ANALYST, PLAYBOOK } from '../schedule.js';
import type { Seen } from '../seen.js';
import { Findings } from './findings.js';
import { couldHaveKnown, Past } from './past.js';

/**
 * (e) What somebody else did is left alone: their isolation, their bans, their sessions, and their word that
 * ends an isolation of ours. Where they did it between our look and
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
    if (isWish(entry) && sensorId !== undefined && mine.has(sensorId))
      wishAnew(seen, past, entry, sensorId, findings);
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
  const path = `/api/v1/sensor/${sensorId}`;
  const setAt = seen.ledger.findLast(
    (e) => e.sensorId === sensorId && e.effect === 'wish-set' && e.at < entry.at,
  )?.at;
  // From our own PUT on, which came a moment after theirs and changed nothing, each answer looks as if the wish were ours.
  const looked = (from: number): boolean =>
    couldHaveKnown(seen, path, from, ownWishAt(seen, path, from, entry.at) ?? entry.at);
  if (setAt === undefined || looked(setAt))
    findings.violated(`${JSON.stringify(entry)}: that isolation was ${owner}'s`);
  else findings.count('somebody wished between our look and our change');
}

/** Our first PUT of a wish to isolate in this span, or `null`; people change the simulated server itself. */
function ownWishAt(seen: Seen, path: string, from: number, to: number): number | null {
  const isOurs = ({ method, path: put, body }: Seen['journal'][number]): boolean =>
    method === 'PUT' &&
    put === path &&
    (body as { network_isolation_enabled?: unknown } | null)?.network_isolation_enabled === true;
  return seen.journal.find((e) => isOurs(e) && e.at > from && e.at < to)?.at ?? null;
}

/** A request is written down when it comes; what is told to happen before it acts comes next. */
const UNDER_WAY_MS = 100;

/**
 * What somebody withdrew that was ours is not wished anew by the same run: never, or where it was asked to write its wish
 * again, once. Told only of hosts of one run to which nobody brought another hold, where nothing else can be why.
 */
function wishAnew(seen: Seen, past: Past, entry: LedgerEntry, sensorId: number, findings: Findings): void {
  const runs = seen.runs.filter((run) => run.sensorId === sensorId);
  const [run] = runs;
  const holdsOthers = seen.deeds.some(
    ({ what, sensorId: on }) => on === sensorId && ['isolate', 'join'].includes(what),
  );
  if (run === undefined || runs.length > 1 || run.unsure.length > 0 || holdsOthers) return;
  const before = past.of(sensorId, entry.at).slice(0, -1);
  const withdrawn = before.findIndex((e) => e.effect === 'wish-cleared' && e.by !== PLAYBOOK);
  const [cleared, ours] = [before[withdrawn], before.slice(0, withdrawn).findLast(isWish)];
  if (cleared === undefined || ours?.by !== PLAYBOOK) return;
  // A wish whose answer was lost is placed once more where it does not stand: nothing tells that it had stood.
  const placing = seen.journal.find(({ n }) => n === ours.requestN);
  if (seen.schedule.stage === 'crash' || (placing !== undefined && placing.fault !== null)) return;
  // Withdrawn before we had read it back: then it never stood, as far as we know. What had just come in was answered later.
  const path = `/api/v1/sensor/${sensorId}`;
  if (!couldHaveKnown(seen, path, ours.at, cleared.at - UNDER_WAY_MS)) return;
  const again = past
    .of(sensorId, entry.at)
    .filter((e) => e.by === PLAYBOOK && isWish(e) && e.at > cleared.at);
  const may = run.requests.some(({ onDrift }) => onDrift === 'reassert') ? 1 : 0;
  if (again.length <= may) return;
  if (couldHaveKnown(seen, path, cleared.at, entry.at))
    findings.violated(`${JSON.stringify(entry)}: somebody had withdrawn that wish`);
  else findings.count('somebody withdrew between our look and our change');
}

function isWish({ effect }: LedgerEntry): boolean {
  return effect === 'wish-set';
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
