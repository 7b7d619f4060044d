import type { Context } from '@temporalio/activity';
import { leftToHeir, WORKFLOW_TYPES } from '../contract/index.js';

/**
 * Ids of the leases that run, and of those that were ended from outside while somebody held them: an end that is due, or a
 * wish that somebody withdrew, is not to be seen on any sensor. Empty where the server cannot list (then only isolated
 * sensors are looked at).
 */
export async function knownLeases(context: Context): Promise<Set<string>> {
  const ids = new Set<string>();
  try {
    const query = `WorkflowType = '${WORKFLOW_TYPES.isolationLease}' AND ExecutionStatus NOT IN ('Completed', 'ContinuedAsNew')`;
    for await (const { workflowId, runId, status, memo } of context.client.workflow.list({ query })) {
      // An older run than the last one of its id: only the last one tells, when it is looked at.
      const left = leftToHeir({ status: status.name, runId, memo });
      if (left === null || left.holds.length > 0) ids.add(workflowId);
    }
  } catch {
    return ids;
  }
  return ids;
}
