import {
  ApplicationFailure,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { type ApprovalAnswer, type ApproveArgs, type DenyArgs, TASK_QUEUES } from '../contract/index.js';
import { NotWaitingError, StaleDigestError } from './approval-errors.js';
import { NoWorkerError } from './errors.js';
import { isRunning } from './find-run.js';
import { requireWorker } from './lookup.js';
import { approveUpdate, denyUpdate } from './messages.js';
import { digestOf, wordsOf } from './operator-input.js';
import { call, isUnanswered, type Session } from './session.js';

export interface ApproveOptions {
  /** Of the plan that was looked at, 64 hex digits: another plan is never approved by it. */
  digest: string;
  who?: string;
  why?: string;
}

export interface DenyOptions {
  reason: string;
  who?: string;
}

/** What a person said, before anybody is asked. @throws {@link InvalidRequestError} */
export function approveArgs(o: ApproveOptions): ApproveArgs {
  const digest = digestOf(o.digest);
  const { who, reason } =
    o.why === undefined ? { who: o.who ?? null, reason: undefined } : wordsOf({ ...o, reason: o.why });
  return { digest, ...(who === null ? {} : { who }), ...(reason === undefined ? {} : { why: reason }) };
}

/** The same of a denial. */
export function denyArgs(o: DenyOptions): DenyArgs {
  const { who, reason } = wordsOf(o);
  return { why: reason, ...(who === null ? {} : { who }) };
}

/**
 * Lets a run that waits go on as its plan says.
 * @throws {@link StaleDigestError} where it shows another plan by now, {@link NotWaitingError} where it asks nothing (any more).
 */
export async function approveRun(
  session: Session,
  run: WorkflowExecutionDescription,
  args: ApproveArgs,
): Promise<ApprovalAnswer> {
  return await answer(session, run, () =>
    handleOf(session, run).executeUpdate(approveUpdate, { args: [args] }),
  );
}

/** Says no to the plan that a run shows: nothing of it is done. Throws as {@link approveRun} does. */
export async function denyRun(
  session: Session,
  run: WorkflowExecutionDescription,
  args: DenyArgs,
): Promise<ApprovalAnswer> {
  return await answer(session, run, () => handleOf(session, run).executeUpdate(denyUpdate, { args: [args] }));
}

function handleOf(session: Session, { workflowId, runId }: WorkflowExecutionDescription) {
  return session.client.workflow.getHandle(workflowId, runId);
}

async function answer(
  session: Session,
  run: WorkflowExecutionDescription,
  send: () => Promise<ApprovalAnswer>,
): Promise<ApprovalAnswer> {
  const { workflowId, runId } = run;
  if (!isRunning(run)) throw new NotWaitingError(workflowId, `it has closed (${run.status.name}).`);
  const what = `The answer to ${workflowId} was not handed over for certain.`;
  await requireWorker(session, what);
  try {
    return await call(session, send);
  } catch (error) {
    if (isUnanswered(error)) throw new NoWorkerError(TASK_QUEUES.main, what, { workflowId, runId });
    if (error instanceof WorkflowNotFoundError) throw new NotWaitingError(workflowId, 'it has closed.');
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
    if (!(cause instanceof ApplicationFailure)) throw error;
    if (cause.type === 'StaleDigest') throw new StaleDigestError(workflowId, cause.message);
    if (cause.type === 'NotAsking') throw new NotWaitingError(workflowId, cause.message);
    throw error;
  }
}
