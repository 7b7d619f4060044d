import type { WorkflowExecutionInfo } from '@temporalio/client';
import { MEMO_KEYS, type Receipt } from '../contract/index.js';
import { describeRun } from './find-run.js';
import { call, isUnimplemented, type Session } from './session.js';

/**
 * The run of this host that has taken a request with that `requestId`, running or closed. Older runs are looked up in
 * visibility, which lags by about a second; a server without it (time-skipping) knows the latest only.
 */
export async function runOfRequestId(
  session: Session,
  workflowId: string,
  requestId: string,
): Promise<Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'> | null> {
  const latest = await describeRun(session, workflowId);
  if (latest === null) return null;
  if (hasTaken(latest.memo, requestId)) return latest;
  try {
    return await call(session, async () => {
      const query = `WorkflowId = '${workflowId}' AND ExecutionStatus != 'Running'`;
      for await (const run of session.client.workflow.list({ query })) {
        if (hasTaken(run.memo, requestId)) return run;
      }
      return null;
    });
  } catch (error) {
    if (isUnimplemented(error)) return null;
    throw error;
  }
}

function hasTaken(memo: Record<string, unknown> | undefined, requestId: string): boolean {
  const ids = memo?.[MEMO_KEYS.requestIds];
  if (Array.isArray(ids) && ids.includes(requestId)) return true;
  const receipt = memo?.[MEMO_KEYS.receipt] as Partial<Receipt> | undefined;
  return receipt?.requestedBy?.some((by) => by.requestId === requestId) ?? false;
}
