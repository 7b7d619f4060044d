import type { Context } from '@temporalio/activity';
import { type WorkflowExecutionStatusName, WorkflowNotFoundError } from '@temporalio/client';

/** Whether a holder's run still runs; one that Temporal does not know any more does not. */
export async function isRunOpen(
  context: Context,
  run: { workflowId: string; runId: string },
): Promise<boolean> {
  try {
    const description = await context.client.workflow.getHandle(run.workflowId, run.runId).describe();
    return isOpen(description.status.name);
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return false;
    throw err;
  }
}

/** A run that an operator paused has not ended: it goes on when it is let go on. */
export function isOpen(status: WorkflowExecutionStatusName): boolean {
  return status === 'RUNNING' || status === 'PAUSED';
}
