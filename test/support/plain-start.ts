import type { Client, WorkflowHandle } from '@temporalio/client';
import { TASK_QUEUES, WORKFLOW_TYPES } from '../../contract/index.js';
import { freshName } from './names.js';

/** Starts `containEndpoint` as somebody else's tool would: by its name, with whatever argument. */
export function plainStart(
  client: Client,
  argument: unknown,
  workflowId = freshName(),
): Promise<WorkflowHandle> {
  return client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
    taskQueue: TASK_QUEUES.main,
    workflowId,
    args: [argument],
  });
}
