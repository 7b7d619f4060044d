import { randomUUID } from 'node:crypto';
import {
  ApplicationFailure,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
} from '@temporalio/client';
import {
  TASK_QUEUES,
  UNDO_INCOMPLETE,
  undoId,
  type UndoInput,
  type UndoReceipt,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { NoSuchRunError, StillRunningError } from './errors.js';
import { findRunOrLookUp } from './find-by-lookup.js';
import { describeRun, isRunning } from './find-run.js';
import { NotClosedError, UndoGoesOnError } from './guard-errors.js';
import { checkedUndo } from './guard-input.js';
import { lookupError, requireWorker, runOnWorker } from './lookup.js';
import { call, type Session } from './session.js';
import { awaitClose } from './wait.js';

export interface UndoOptions {
  /** Without it nothing is changed: the result tells what would be (verdict `planned`). */
  apply?: boolean;
  /** An earlier run of the same workflow id; default: the latest. */
  runId?: string;
  reason?: string;
  who?: string;
  /** How long to wait for the end, in milliseconds; the undo goes on by itself. Default: until it ends, a day at most. */
  waitMs?: number;
  signal?: AbortSignal;
}

/** A survey reads the whole ban list. */
const PLAN_MS = 5 * 60_000;

/**
 * Plans the undo of one closed containment, or carries it out and waits for its end. One that is under way is joined.
 * @throws {@link NotClosedError} while the containment runs; {@link UndoGoesOnError} after `waitMs`.
 */
export async function undoRun(session: Session, idOrHost: string, o: UndoOptions = {}): Promise<UndoReceipt> {
  const { who, reason, apply, runId } = checkedUndo(idOrHost, o);
  const run = await runOf(session, idOrHost, runId);
  if (isRunning(run)) throw new NotClosedError(run.workflowId, run.runId);
  await requireWorker(session, `Nothing of ${run.workflowId} was undone.`);
  const input: UndoInput = {
    workflowId: run.workflowId,
    runId: run.runId,
    apply,
    ...(who === null ? {} : { who }),
    ...(reason === null ? {} : { reason }),
  };
  if (!apply) return await planned(session, input, o.signal);
  for (;;) {
    const receipt = await applied(session, input, o);
    // Another run of the same id was being undone, or somebody's plan had its id: now it is this one's turn.
    if (receipt.of.runId === run.runId && receipt.verdict !== 'planned') return receipt;
  }
}

async function runOf(
  session: Session,
  idOrHost: string,
  runId: string | null,
): Promise<WorkflowExecutionDescription> {
  const latest = await findRunOrLookUp(session, idOrHost);
  if (runId === null || latest.runId === runId) return latest;
  const run = await describeRun(session, latest.workflowId, runId);
  if (run === null) throw new NoSuchRunError(`${latest.workflowId} has no run ${runId}.`);
  return run;
}

async function planned(
  session: Session,
  input: UndoInput,
  signal: AbortSignal | undefined,
): Promise<UndoReceipt> {
  try {
    return await runOnWorker<UndoReceipt>(session, {
      type: WORKFLOW_TYPES.undo,
      workflowId: `plan-undo/${input.workflowId}/${randomUUID()}`,
      args: input,
      summary: `What an undo of ${input.workflowId} would do`,
      what: `What stands of ${input.workflowId} was not read in time; nothing was changed.`,
      waitMs: PLAN_MS,
      signal,
    });
  } catch (error) {
    return incomplete(error);
  }
}

async function applied(session: Session, input: UndoInput, o: UndoOptions): Promise<UndoReceipt> {
  const { workflowId } = input;
  const handle = await call(
    session,
    () =>
      session.client.workflow.start(WORKFLOW_TYPES.undo, {
        workflowId: undoId(workflowId),
        taskQueue: TASK_QUEUES.main,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `Undo of ${workflowId}`,
      }),
    { signal: o.signal },
  );
  const run = { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  try {
    await awaitClose(session, run, { timeoutMs: o.waitMs, signal: o.signal });
    const closed = session.client.workflow.getHandle(run.workflowId, run.runId, { followRuns: false });
    return (await call(session, () => closed.result())) as UndoReceipt;
  } catch (error) {
    if (error instanceof StillRunningError) throw new UndoGoesOnError(run.workflowId, run.runId, workflowId);
    return incomplete(error);
  }
}

/** The receipt that an undo left that could not undo everything. */
function incomplete(error: unknown): UndoReceipt {
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure && cause.type === UNDO_INCOMPLETE)
    return cause.details?.[0] as UndoReceipt;
  throw lookupError(error, 'The undo did not come to an end.') ?? error;
}
