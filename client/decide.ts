import {
  ApplicationFailure,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { type DecideArgs, type Decision, DECISIONS, TASK_QUEUES } from '../contract/index.js';
import { show } from '../contract/request-fields.js';
import { NoWorkerError } from './errors.js';
import { isRunning } from './find-run.js';
import { NotAskingError } from './lease-errors.js';
import { requireWorker } from './lookup.js';
import { decideUpdate } from './messages.js';
import { invalid, wordsOf } from './operator-input.js';
import { call, isDeadline, type Session } from './session.js';

export interface DecideOptions {
  /** `keep`: undo nothing · `release`: undo everything · `auto`: undo unless a match may be alive. */
  decision: Decision;
  reason: string;
  who?: string;
}

/** What a person said, before anybody is asked. @throws {@link InvalidRequestError} */
export function decideArgs(o: DecideOptions): DecideArgs {
  const { who, reason } = wordsOf(o);
  if (!DECISIONS.includes(o.decision)) {
    throw invalid({
      field: 'decision',
      problem: `It is ${show(o.decision)}.`,
      expected: `One of ${DECISIONS.join(', ')}.`,
    });
  }
  return { decision: o.decision, why: reason, ...(who === null ? {} : { who }) };
}

/**
 * Answers a run that asks (failure policy `ask`).
 * @throws {@link NotAskingError} where it asks nothing: then nothing was changed.
 */
export async function decideRun(
  session: Session,
  run: WorkflowExecutionDescription,
  args: DecideArgs,
): Promise<void> {
  const { workflowId, runId } = run;
  if (!isRunning(run)) throw new NotAskingError(workflowId, `it has closed (${run.status.name}).`);
  const what = `The answer to ${workflowId} was not handed over for certain.`;
  await requireWorker(session, what);
  try {
    await call(session, () =>
      session.client.workflow.getHandle(workflowId, runId).executeUpdate(decideUpdate, { args: [args] }),
    );
  } catch (error) {
    if (isDeadline(error)) throw new NoWorkerError(TASK_QUEUES.main, what, { workflowId, runId });
    if (error instanceof WorkflowNotFoundError) throw new NotAskingError(workflowId, 'it has closed.');
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
    if (cause instanceof ApplicationFailure && (cause.type === 'NotAsking' || cause.type === 'RunClosing')) {
      throw new NotAskingError(workflowId, cause.message);
    }
    throw error;
  }
}
