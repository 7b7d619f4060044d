import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { failure } from './failure.js';
import { overridden } from './overrides.js';
import { quickRead } from './timing.js';

/**
 * Before anything is changed: nobody has paused the playbook, and the policy's limits leave room for one more containment
 * (hazards H3, H4). A dry run changes nothing, so it is neither asked nor counted.
 *
 * @throws ApplicationFailure `Paused`, or `LimitReached` where nobody overrode the limits
 */
export async function admit(run: Containment): Promise<void> {
  if (run.resolved === null || run.wanted.dryRun) return;
  const { isolate } = run.wanted;
  const result = await activity('admit', quickRead, `May one more containment start? (${run.host})`, {
    target: run.target,
    workflowId: run.workflowId,
    runId: run.runId,
    isolate,
    limits: run.guard.policy.limits,
    override: overridden(run).includes('limits'),
  });
  if (!result.admitted) {
    throw failure(result.type ?? 'Paused', result.why ?? 'The brakes let no new containment start.');
  }
  if (result.type === 'LimitReached') {
    run.letThrough('limits', result.why ?? 'The limits of the policy were reached.');
  }
}
