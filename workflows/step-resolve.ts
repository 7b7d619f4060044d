import {
  formatDuration,
  type Objection,
  type PreflightResult,
  type ResolveResult,
  SEARCH_ATTRIBUTES,
} from '../contract/index.js';
import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { enter } from './face.js';
import { applyDefaults } from './policy-defaults.js';
import { failure } from './failure.js';
import { now } from './time.js';
import { MINUTE, quickRead } from './timing.js';

const MOST_SKEW_MS = 2 * MINUTE;

/** Step 1: exactly one live sensor, frozen for the whole run (hazard H1). */
export async function resolveTarget(run: Containment): Promise<void> {
  enter(run, 'resolve');
  const { hostname, sensorId } = run.wanted;
  run.resolved = await activity('resolve', quickRead, `Find the one sensor of ${run.host}`, {
    hostname,
    sensorId,
    policy: run.wanted.policy,
  });
  takePolicy(run, run.resolved);
  noteSkew(run, run.resolved.at - now());
  enter(run, 'resolve', {
    [SEARCH_ATTRIBUTES.host]: run.resolved.target.hostname.toLowerCase(),
    [SEARCH_ATTRIBUTES.sensorId]: run.resolved.target.sensorId,
  });
}

/** From here on the run goes by this policy, whatever becomes of the worker's file. Histories of older versions have none. */
function takePolicy(run: Containment, resolved: Partial<Pick<ResolveResult, 'guard'>>): void {
  if (resolved.guard === undefined) return;
  run.frozen = resolved.guard;
  applyDefaults(run, resolved.guard.policy.defaults);
}

/** Step 2: every objection at once, before anything is changed (hazard H26). */
export async function preflight(run: Containment): Promise<void> {
  const [first, ...others] = await objectionsTo(run);
  if (first === undefined) return;
  for (const other of others) run.problems.push(asProblem(other));
  throw failure(first.type as never, asProblem(first).message);
}

/** What speaks against the run, all at once; notes of the preflight are taken in. */
export async function objectionsTo(run: Containment): Promise<Objection[]> {
  if (run.resolved === null) return [];
  enter(run, 'preflight');
  const { supportsIsolation, supportsLiveResponse } = run.resolved;
  const { isolate, kill, selector, banMd5, banScope } = run.wanted;
  const asked = [{ isolate, kill, selector, banMd5, banScope }];
  const early = run.earlyJoins.map((join) => join.selector);
  // Names are banned under the widest scope that anybody asked for, whoever named them.
  for (const join of run.earlyJoins)
    asked.push({ isolate, kill: join.kill, selector: join.selector, banMd5: [], banScope });
  for (const pending of run.selectors.pending) {
    if (pending.selector === selector || early.includes(pending.selector)) continue;
    asked.push({ isolate, kill: true, selector: pending.selector, banMd5: [], banScope: pending.banScope });
  }
  const result = await activity('preflight', quickRead, `May ${run.host} be contained?`, {
    target: run.resolved.target,
    requests: asked,
    policy: run.guard.policy,
    overrides: run.overrides.map((o) => o.rule),
    supportsIsolation,
    supportsLiveResponse,
  });
  run.banningEnforced = result.banningEnforced;
  for (const note of result.notes) run.note(note);
  for (const { rule, what } of (result as Partial<PreflightResult>).letThrough ?? [])
    run.letThrough(rule, what);
  return result.objections;
}

function asProblem(objection: Objection): { step: string; type: string; message: string } {
  return {
    step: 'preflight',
    type: objection.type,
    message: `${objection.message} To settle it: ${objection.settledBy}`,
  };
}

/**
 * Some deadlines are compared with the worker's clock: one that is far off ends them early, or late; and most times of a
 * receipt are its times. Said once: the next worker's may be off by as much and a second.
 */
export function noteSkew(run: Containment, ms: number): void {
  if (Math.abs(ms) < MOST_SKEW_MS || run.skewNoted) return;
  run.skewNoted = true;
  run.note(
    `The worker's clock is ${formatDuration(Math.abs(ms))} ${ms > 0 ? 'ahead of' : 'behind'} Temporal's: set it right.`,
  );
}
