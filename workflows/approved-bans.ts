import type { Plan } from '../contract/index.js';
import type { Containment } from './containment.js';
import type { Work } from './plan-of.js';
import { awaitHashes } from './hashes-found.js';
import { banHashes } from './step-ban.js';
import { iso, now } from './time.js';

/** Bans what the plan said and nothing else: what it refused stays refused, however it would be judged now. */
export async function banApproved(run: Containment, plan: Plan, work: Work): Promise<void> {
  refuseBans(run, plan, work, 'The plan refuses it.', 'refuse');
  const allowed = plan.hashes.filter((h) => h.judgement === 'ban');
  const { unapprovedBans } = run.approval;
  for (const { md5 } of allowed) if (unapprovedBans.delete(md5)) run.bans.delete(md5);
  await banHashes(
    run,
    allowed.map(({ md5 }) => ({ md5, guid: guidOf(run, work, md5) })),
  );
}

/** Says of each hash of a plan that is not banned why not. */
export function refuseBans(
  run: Containment,
  plan: Plan,
  work: Work,
  why: string,
  which?: Plan['hashes'][number]['judgement'],
): void {
  for (const hash of plan.hashes) {
    const { md5, hostsSeen, percentOfFleet, signed, publisher, judgement, ban } = hash;
    if (run.bans.has(md5) || (which !== undefined && judgement !== which)) continue;
    if (which === undefined) run.approval.unapprovedBans.add(md5);
    const stands = ban?.enabled === true && judgement === 'ban';
    run.bans.set(md5, {
      ...{ md5, hostsSeen, percentOfFleet, signed, publisher },
      outcome: stands ? 'already-banned' : 'refused',
      why: stands ? `By ${ban.username ?? 'somebody'}.` : judgement === 'refuse' ? (hash.why ?? why) : why,
      guid: guidOf(run, work, md5),
      enforcedOnTarget: run.banningEnforced,
      at: iso(now()),
    });
  }
}

/** Hashes that were not known when the plan was made: they are asked about in a round of their own. */
export async function noteLateHashes(run: Containment): Promise<void> {
  const found = run.takeInstancesToBan();
  await awaitHashes(run, found);
  for (const { md5, guid } of found) {
    if (md5 === null || run.bans.has(md5) || run.toBan.late.some((late) => late.md5 === md5)) continue;
    run.toBan.late.push({ md5, guid });
  }
}

function guidOf(run: Containment, work: Work, md5: string): string | null {
  const given = work.hashes.get(md5);
  if (given !== undefined) return given;
  return [...work.seen].find((guid) => run.processes.get(guid)?.md5 === md5) ?? null;
}
