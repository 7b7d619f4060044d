import { randomUUID } from 'node:crypto';
import {
  ApplicationFailure,
  type WorkflowExecutionDescription,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { type FailurePolicy, TASK_QUEUES } from '../contract/index.js';
import { NoSuchRunError, NoWorkerError } from './errors.js';
import { isRunning } from './find-run.js';
import { failurePolicyUpdate } from './messages.js';
import { someonePolls } from './pollers.js';
import { call, isUnanswered, isUnknownRun, type Session } from './session.js';

export interface CancelOptions {
  /** Changes what the cancel does first: `keep` undoes nothing, `release` undoes everything, `auto` decides. */
  policy?: FailurePolicy;
  who?: string;
  why?: string;
}

/**
 * Requests cancellation of exactly this run; returns as soon as the request is recorded. Who and why stand in history.
 * @throws {@link NoSuchRunError} where it has closed, {@link NoWorkerError} where the policy cannot be handed over
 * (then nothing is cancelled either).
 */
export async function cancelRun(
  session: Session,
  run: WorkflowExecutionDescription,
  o: CancelOptions,
): Promise<void> {
  const { workflowId, runId } = run;
  if (!isRunning(run)) throw alreadyClosed(workflowId, run.status.name);
  if (o.policy !== undefined) await changePolicy(session, run, { ...o, policy: o.policy });
  const reason = `${o.who ?? 'somebody'}: ${o.why ?? 'no reason given'}`.slice(0, 500);
  // The SDK's own handle.cancel() carries no reason.
  const request = (): Promise<unknown> =>
    session.client.workflowService.requestCancelWorkflowExecution({
      namespace: session.namespace,
      workflowExecution: { workflowId, runId },
      reason,
      identity: session.client.options.identity,
      requestId: randomUUID(),
    });
  try {
    await call(session, request);
  } catch (error) {
    throw isUnknownRun(error) ? alreadyClosed(workflowId, 'meanwhile') : error;
  }
}

async function changePolicy(
  session: Session,
  { workflowId, runId }: WorkflowExecutionDescription,
  o: { policy: FailurePolicy; who?: string; why?: string },
): Promise<void> {
  const nobody = (): NoWorkerError =>
    new NoWorkerError(
      TASK_QUEUES.main,
      `The failure policy of ${workflowId} could not be changed for certain, so nothing was cancelled.`,
      { workflowId, runId },
    );
  if (!(await someonePolls(session, TASK_QUEUES.main))) throw nobody();
  try {
    const handle = session.client.workflow.getHandle(workflowId, runId);
    await call(session, () => handle.executeUpdate(failurePolicyUpdate, { args: [o] }));
  } catch (error) {
    if (isUnanswered(error)) throw nobody();
    // The update reached the server, and the run closed before it took it.
    if (isUnknownRun(error)) throw alreadyClosed(workflowId, 'meanwhile');
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
    if (cause instanceof ApplicationFailure && cause.type === 'RunClosing') {
      throw alreadyClosed(workflowId, 'about to close');
    }
    throw error;
  }
}

function alreadyClosed(workflowId: string, how: string): NoSuchRunError {
  return new NoSuchRunError(
    `${workflowId} has nothing left to cancel: it has closed (${how}).`,
    `See what it did: cb-playbook receipt ${workflowId}`,
  );
}
