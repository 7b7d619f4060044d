import type { WorkflowExecutionDescription } from '@temporalio/client';
import { type ContainmentStatus, type Receipt, TASK_QUEUES } from '../contract/index.js';
import { receiptOfClosed } from './closed-run.js';
import { NoWorkerError } from './errors.js';
import { isRunning } from './find-run.js';
import { statusQuery } from './messages.js';
import { someonePolls } from './pollers.js';
import { call, isUnanswered, type Session } from './session.js';

/** What a run is doing: asked of its worker while it runs, read from its receipt after it closed. */
export async function statusOf(
  session: Session,
  run: WorkflowExecutionDescription,
): Promise<ContainmentStatus> {
  if (!isRunning(run)) return statusOfReceipt(await receiptOfClosed(session, run));
  const { workflowId, runId, startTime } = run;
  const nobody = (): NoWorkerError =>
    new NoWorkerError(
      TASK_QUEUES.main,
      `${workflowId} has been running since ${startTime.toISOString()} and goes on when one comes; only a worker can tell how far it is.`,
      { workflowId, runId },
    );
  if (!(await someonePolls(session, TASK_QUEUES.main))) throw nobody();
  try {
    return await call(session, () => session.client.workflow.getHandle(workflowId, runId).query(statusQuery));
  } catch (error) {
    throw isUnanswered(error) ? nobody() : error;
  }
}

function statusOfReceipt(receipt: Receipt): ContainmentStatus {
  const dead = receipt.processes.filter((p) => p.outcome === 'killed' || p.outcome === 'already-gone').length;
  return {
    workflowId: receipt.workflowId,
    runId: receipt.runId,
    step: 'closed',
    verdict: receipt.verdict,
    summary: receipt.summary,
    target: receipt.target,
    isolation: receipt.isolation,
    requestedBy: receipt.requestedBy,
    failurePolicy: receipt.failurePolicy.policy as ContainmentStatus['failurePolicy'],
    processes: {
      total: receipt.processes.length,
      dead,
      alive: receipt.hostState.liveMatches ?? receipt.processes.length - dead,
    },
    bans: receipt.bans.map(({ md5, outcome }) => ({ md5, outcome })),
    problems: receipt.problems,
    waitingFor: [],
    approval: null,
    startedAt: receipt.startedAt,
    updatedAt: receipt.endedAt,
    receipt,
  };
}
