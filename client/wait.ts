import {
  WorkflowContinuedAsNewError,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
} from '@temporalio/client';
import { type ContainmentStatus, type Receipt, TASK_QUEUES } from '../contract/index.js';
import { receiptOfClosed } from './closed-run.js';
import { NoSuchRunError, StillRunningError } from './errors.js';
import { describeRun } from './find-run.js';
import { statusQuery } from './messages.js';
import { pause } from './pause.js';
import { someonePolls } from './pollers.js';
import { call, isDeadline, type Session } from './session.js';

export interface WaitOptions {
  /** Give up after this many milliseconds, with {@link StillRunningError}; the run goes on. Default: never. */
  timeoutMs?: number;
  /** Stops the waiting, never the run. */
  signal?: AbortSignal;
  /** Called with each new state of the run, at most twice a second. */
  onStatus?: (status: ContainmentStatus) => void;
  /** Called once each time that nobody polls the task queue any more. */
  onNoWorker?: () => void;
}

type Run = Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>;

const LONG_POLL_MS = 60_000;
/**
 * A wait is broken off so long before the deadline of its call: in the last second before that the server answers at once
 * that nothing has happened, and the SDK asks again at once, hundreds of times (tried on server 1.32.0).
 */
const SPARE_MS = 10_000;
const LOOK_EVERY_MS = 500;
const QUERY_MS = 5_000;

/** Waits for the end of exactly this run, then reads its receipt. */
export async function waitForReceipt(session: Session, run: Run, o: WaitOptions = {}): Promise<Receipt> {
  await awaitClose(session, run, o);
  const closed = await describeRun(session, run.workflowId, run.runId);
  if (closed === null) throw new NoSuchRunError(`${run.workflowId} is no longer known to Temporal.`);
  return await receiptOfClosed(session, closed);
}

/**
 * Waits until exactly this run has closed, however it closes. Needs no worker.
 * @throws {@link StillRunningError} after `timeoutMs`; the signal's reason where it was given up.
 */
export async function awaitClose(session: Session, run: Run, o: WaitOptions = {}): Promise<void> {
  const ended = new AbortController();
  const timer =
    o.timeoutMs === undefined ? null : setTimeout(() => ended.abort(stillRunning(run)), o.timeoutMs);
  const giveUp = (): void => ended.abort(o.signal?.reason);
  o.signal?.addEventListener('abort', giveUp, { once: true });
  if (o.signal?.aborted) giveUp();
  const looking = o.onStatus ? look(session, run, o, ended.signal) : Promise.resolve();
  try {
    await closing(session, run, ended.signal);
  } finally {
    if (timer) clearTimeout(timer);
    o.signal?.removeEventListener('abort', giveUp);
    ended.abort();
    await looking;
  }
}

function stillRunning(run: Run): StillRunningError {
  return new StillRunningError(
    run.workflowId,
    run.runId,
    `${run.workflowId} is still running when the wait ran out.`,
  );
}

async function closing(session: Session, run: Run, signal: AbortSignal): Promise<void> {
  const handle = session.client.workflow.getHandle(run.workflowId, run.runId, { followRuns: false });
  const options = { deadlineMs: LONG_POLL_MS + SPARE_MS };
  for (;;) {
    const poll = new AbortController();
    const giveUp = (): void => poll.abort(signal.reason);
    const timer = setTimeout(() => poll.abort(), LONG_POLL_MS);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      signal.throwIfAborted();
      await call(session, () => handle.result(), { ...options, signal: poll.signal });
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof WorkflowFailedError || error instanceof WorkflowContinuedAsNewError) return;
      if (!poll.signal.aborted && !isDeadline(error)) throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }
}

/** Queries the run's status until it is told to stop. What goes wrong here is no failure of the waiting. */
async function look(session: Session, run: Run, o: WaitOptions, signal: AbortSignal): Promise<void> {
  const handle = session.client.workflow.getHandle(run.workflowId, run.runId);
  let seen = '';
  let missing = false;
  while (!signal.aborted) {
    try {
      const status = await call(session, () => handle.query(statusQuery), { deadlineMs: QUERY_MS, signal });
      missing = false;
      const text = JSON.stringify({ ...status, updatedAt: null });
      if (text !== seen) o.onStatus?.(status);
      seen = text;
    } catch {
      if (!signal.aborted && !missing && (await nobodyPolls(session, signal))) {
        missing = true;
        o.onNoWorker?.();
      }
    }
    await pause(LOOK_EVERY_MS, signal);
  }
}

async function nobodyPolls(session: Session, signal: AbortSignal): Promise<boolean> {
  try {
    return !(await someonePolls(session, TASK_QUEUES.main)) && !signal.aborted;
  } catch {
    return false;
  }
}
