import type { EnumerateAndKillResult, NumberedSelector, Plan } from '../contract/index.js';
import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { overridden } from './overrides.js';
import { noteUnjudged } from './step-ban.js';
import { planning } from './timing.js';

/** What one plan is about. */
export interface Work {
  selectors: NumberedSelector[];
  /** Hashes to ban whatever a list shows, each with the instance it came from. */
  hashes: Map<string, string | null>;
  /** GUIDs that the lists of this work have shown. */
  seen: Set<string>;
}

/** Makes the plan of this work: judged and digested, nothing changed. */
export async function planOf(
  run: Containment,
  work: Work,
  found: EnumerateAndKillResult | null,
): Promise<Plan> {
  if (run.resolved === null) throw new TypeError('The target is not resolved yet.');
  const { target } = run.resolved;
  const live = (found?.processes ?? []).filter((p) => p.outcome === 'unknown' || p.outcome === 'protected');
  const plan = await activity('makePlan', planning, `Plan what would be done to ${run.host}`, {
    target,
    policy: run.guard,
    overrides: overridden(run),
    selectors: work.selectors,
    isolate: run.wanted.isolate && run.approval.isolation !== 'refused',
    kill: run.wanted.kill,
    evidence: run.wanted.evidence,
    processes: live.map(({ selectors: _, ...process }) => process),
    listed: found?.listed === true,
    md5s: hashesOf(run, work),
    protectedMd5s: [...run.hashesOfProtected],
    notes: found?.notes ?? [],
  });
  run.approval.plan = plan;
  noteUnjudged(run, plan.hashes);
  return plan;
}

/** Hashes that were given, and those of what the lists have shown, dead or alive: a ban stops running copies too. */
function hashesOf(run: Containment, work: Work): string[] {
  const md5s = new Set(work.hashes.keys());
  if (run.wanted.banScope === 'none') return [...md5s];
  for (const guid of work.seen) {
    const process = run.processes.get(guid);
    if (process !== undefined && !run.isProtected(process) && process.md5 !== null) md5s.add(process.md5);
  }
  return [...md5s];
}
