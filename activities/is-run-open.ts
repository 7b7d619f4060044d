import type { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';

/** Whether a holder's run still runs; one that Temporal does not know any more does not. */
export async function isRunOpen(
  context: Context,
  run: { workflowId: string; runId: string },
): Promise<boolean> {
  try {
    const description = await context.client.workflow.getHandle(run.workflowId, run.runId).describe();
    return description.status.name === 'RUNNING';
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return false;
    throw err;
  }
}
