import type { Context } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { type PlaybookEvent, TASK_QUEUES, WORKFLOW_TYPES } from '../contract/index.js';

/** Starts the run that tells one event; idempotent by its id. It belongs to nobody, so nobody's end or cancel stops it. */
export async function announce(
  context: Context,
  input: { notificationId: string; event: PlaybookEvent },
): Promise<void> {
  const { notificationId, event } = input;
  try {
    await context.client.workflow.start(WORKFLOW_TYPES.notify, {
      workflowId: notificationId,
      taskQueue: TASK_QUEUES.main,
      args: [event],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: event.text.slice(0, 190),
    });
  } catch (err) {
    if (!(err instanceof WorkflowExecutionAlreadyStartedError)) throw err;
  }
}
