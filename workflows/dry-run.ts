import type { EnumerateAndKillResult, Objection } from '../contract/index.js';
import { takeWork } from './approved-rounds.js';
import type { Containment } from './containment.js';
import { planOf, type Work } from './plan-of.js';
import { goOnce, takeUnmatched } from './step-kill.js';
import { objectionsTo } from './step-resolve.js';

/** Objections that make a list impossible, too. */
const NO_LIST: ReadonlySet<string> = new Set(['LiveResponseUnsupported', 'LiveResponseOff']);

/**
 * What a containment would do now, and what speaks against it. Opens one Live Response session to list processes, and
 * changes nothing: no wish, no kill, no ban. An offline host is not waited for.
 */
export async function dryRun(run: Containment): Promise<void> {
  const objections = await objectionsTo(run);
  if (!run.checkin.online && run.wanted.offline === 'fail') objections.push(offline(run));
  const work = await takeWork(run);
  const found = await list(run, work, objections);
  const plan = await planOf(run, work, found);
  const sessions = found?.sessions.map((s) => s.id) ?? [];
  if (sessions.length > 0) {
    run.note(
      `To list the processes, Live Response session ${sessions.join(', ')} was opened or used on ${run.host}. Nothing was changed.`,
    );
  }
  run.approval.plan = { ...plan, objections: [...plan.objections, ...objections], notes: [...run.notes] };
}

async function list(
  run: Containment,
  work: Work,
  objections: Objection[],
): Promise<EnumerateAndKillResult | null> {
  const { selectors } = work;
  if (selectors.length === 0 || objections.some((o) => NO_LIST.has(o.type))) return null;
  if (!run.checkin.online) {
    run.note(`${run.host} is offline: its processes were not listed. A containment would wait for it.`);
    for (const { n } of selectors) run.selectors.notEnumerated.add(n);
    return null;
  }
  const found = await goOnce(run, selectors, { mode: 'plan', approved: null });
  if (found === null) return null;
  for (const { guid } of found.processes) work.seen.add(guid);
  takeUnmatched(run, found);
  if (found.problem !== null) {
    const { type, message } = found.problem;
    const settledBy = 'Settle what the message says, then try again; or kill: false (--no-kill).';
    objections.push({ type, message, settledBy });
  }
  const unhashed = found.processes.filter((p) => p.md5 === null && p.outcome === 'unknown').length;
  if (unhashed > 0)
    run.note(`The hash of ${unhashed} of the processes is not known yet; a containment waits for it.`);
  return found;
}

function offline(run: Containment): Objection {
  const seen = run.resolved?.target.lastCheckin ?? 'never';
  return {
    type: 'HostOffline',
    message: `${run.host} is offline (last check-in ${seen}), and the request says not to wait for it.`,
    settledBy: 'offline: wait (--offline wait), or try again when it is back.',
  };
}
