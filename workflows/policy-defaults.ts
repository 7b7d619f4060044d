import { type CheckedRequest, defaultedPart, type Policy, withDefaults } from '../contract/index.js';
import type { Containment } from './containment.js';

type Defaults = Policy['defaults'];

const POLICY_ORDER: readonly string[] = ['release', 'auto', 'ask', 'keep'];

/** The stricter of what the run has and what a joining request asks for, as far as a policy has defaults for it. */
export function takeStricter(run: Containment, request: CheckedRequest): void {
  const w = run.wanted;
  w.offlineForMs = Math.max(w.offlineForMs, request.offlineForMs);
  if (request.onDrift === 'reassert') w.onDrift = 'reassert';
  if (request.offlineExpire === 'keep') w.offlineExpire = 'keep';
  w.leaseMs = w.leaseMs === null || request.leaseMs === null ? null : Math.max(w.leaseMs, request.leaseMs);
  if (run.policy.changedBy === null)
    run.policy.policy = stricter(POLICY_ORDER, run.policy.policy, request.onFailure);
}

/** Once the policy is known: the first request gets its defaults, and whoever joined before that is merged anew. */
export function applyDefaults(run: Containment, defaults: Defaults): void {
  const first = defaultedPart(withDefaults(run.first, defaults));
  Object.assign(run.wanted, first);
  if (run.policy.changedBy === null) run.policy.policy = first.onFailure;
  for (const early of run.earlyJoins) takeStricter(run, withDefaults(early, defaults));
}

export function stricter<T extends string>(order: readonly string[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
