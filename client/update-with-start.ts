import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import {
  type ContainRequest,
  type JoinResult,
  MEMO_KEYS,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { joinUpdate } from './messages.js';

/** Starts the run or joins the one that is there, in one request; the call's id marks in the memo who started it. */
export async function updateWithStart(
  client: Client,
  o: { workflowId: string; request: ContainRequest; callId: string; staticSummary: string },
): Promise<JoinResult> {
  const startWorkflowOperation = new WithStartWorkflowOperation(WORKFLOW_TYPES.containEndpoint, {
    workflowId: o.workflowId,
    taskQueue: TASK_QUEUES.main,
    args: [o.request],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    memo: startMemo(o.request, o.callId),
    staticSummary: o.staticSummary,
  });
  // Its own promise fails beside the update's, and nobody would catch it.
  startWorkflowOperation.workflowHandle().catch(() => undefined);
  return await client.workflow.executeUpdateWithStart(joinUpdate, {
    startWorkflowOperation,
    args: [{ request: o.request, callId: o.callId }],
    updateId: o.callId,
  });
}

/** Who started the run, and the caller's own key: known from the first moment, worker or not. */
export function startMemo(request: ContainRequest, callId: string): Record<string, unknown> {
  const { requestId } = request;
  return {
    [MEMO_KEYS.startedBy]: callId,
    ...(typeof requestId === 'string'
      ? { [MEMO_KEYS.requestIds]: [requestId.trim().replace(/\s+/g, ' ')] }
      : {}),
  };
}
