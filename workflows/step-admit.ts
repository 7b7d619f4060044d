import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { failure } from './failure.js';
import { quickRead } from './timing.js';

/**
 * Before anything is changed: nobody has paused the playbook, and the policy's limits leave room for one more containment
 * (hazards H3, H4). A dry run changes nothing, so it is neither asked nor counted.
 *
 * @throws ApplicationFailure `Paused`, or `LimitReached` where nobody overrode the limits
 */
export async function admit(run: Containment): Promise<void> {
  if (run.resolved === null || run.wanted.dryRun) return;
  const { requestedBy: who, reason, overrides, isolate } = run.wanted;
  const result = await activity('admit', quickRead, 'May one more containment start?', {
    target: run.target,
    workflowId: run.workflowId,
    runId: run.runId,
    isolate,
    limits: run.resolved.guard.policy.limits,
    override: overrides.includes('limits'),
  });
  if (!result.admitted) {
    throw failure(result.type ?? 'Paused', result.why ?? 'The brakes let no new containment start.');
  }
  if (result.type === 'LimitReached') {
    run.overrides.push({ rule: 'limits', who, why: reason, letThrough: result.why });
  }
}
