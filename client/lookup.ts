import { randomUUID } from 'node:crypto';
import {
  ApplicationFailure,
  TimeoutFailure,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  FAILURES,
  type FailureType,
  type HostOverview,
  hostForm,
  type LookupInput,
  MEMO_KEYS,
  type Receipt,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { NoWorkerError } from './errors.js';
import { describeRun, isRunning } from './find-run.js';
import { HostLookupError } from './lease-errors.js';
import { statusQuery } from './messages.js';
import { hostRefOf } from './operator-input.js';
import { someonePolls } from './pollers.js';
import { call, isDeadline, type Session } from './session.js';

/** How long a worker that polled a moment ago, and may be dead, is given to take a workflow up. */
const TAKEN_UP_MS = 15_000;
/** Started, and its first task scheduled. */
const UNTOUCHED_EVENTS = 2;

export interface LookupOptions {
  signal?: AbortSignal;
  /** How long the worker and the Cb server may take; default 75 s, longer than the look-up itself tries. */
  waitMs?: number;
}

/**
 * Sensor, lease and holders of one host, by a short workflow on the worker: this side needs no Cb token.
 * @throws {@link NoWorkerError}, {@link HostLookupError}. Nothing is changed by it.
 */
export async function lookUp(
  session: Session,
  input: LookupInput,
  o: LookupOptions = {},
): Promise<HostOverview> {
  const asked = input.sensorId === undefined ? hostForm(input.hostname ?? '') : `sensor-${input.sensorId}`;
  await requireWorker(session, `${asked} was not looked up, and nothing was changed.`);
  const waitMs = o.waitMs ?? 75_000;
  return await runOnWorker<HostOverview>(session, {
    type: WORKFLOW_TYPES.lookup,
    workflowId: `lookup/${asked}/${randomUUID()}`,
    args: input,
    summary: `Look ${asked} up`,
    what: `${asked} was not looked up in ${Math.round(waitMs / 1_000)} s.`,
    waitMs,
    signal: o.signal,
  });
}

export async function requireWorker(session: Session, what: string): Promise<void> {
  if (!(await someonePolls(session, TASK_QUEUES.main))) throw new NoWorkerError(TASK_QUEUES.main, what);
}

/** Runs a short workflow and gives its result, its failure as an error of ours. */
export async function runOnWorker<T>(
  session: Session,
  o: {
    type: string;
    workflowId: string;
    args: unknown;
    summary: string;
    what: string;
    waitMs: number;
    signal?: AbortSignal | undefined;
  },
): Promise<T> {
  try {
    const handle = await call(
      session,
      () =>
        session.client.workflow.start(o.type, {
          workflowId: o.workflowId,
          taskQueue: TASK_QUEUES.main,
          args: [o.args],
          // Nobody asks for the answer any more by then.
          workflowExecutionTimeout: o.waitMs + 60_000,
          staticSummary: o.summary,
        }),
      { signal: o.signal },
    );
    const result = async (deadlineMs: number): Promise<T> =>
      (await call(session, () => handle.result(), { deadlineMs, signal: o.signal })) as T;
    try {
      return await result(Math.min(o.waitMs, TAKEN_UP_MS));
    } catch (error) {
      if (!isDeadline(error) || o.waitMs <= TAKEN_UP_MS || !(await isTakenUp(session, handle))) throw error;
      return await result(o.waitMs - TAKEN_UP_MS);
    }
  } catch (error) {
    if (isDeadline(error)) throw new NoWorkerError(TASK_QUEUES.main, o.what);
    throw error instanceof WorkflowFailedError ? (lookupError(error, o.what) ?? error) : error;
  }
}

/** Whether a worker has begun it. Where none has, it is ended: nobody waits for what it would do later. */
async function isTakenUp(session: Session, handle: WorkflowHandle): Promise<boolean> {
  const { historyLength, status } = await call(session, () => handle.describe());
  if (status.name !== 'RUNNING' || historyLength > UNTOUCHED_EVENTS) return true;
  await call(session, () => handle.terminate('No worker took it up, and nobody waits for it any more.'));
  return false;
}

export function lookupError(error: WorkflowFailedError, what: string): Error | null {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof TimeoutFailure) return new HostLookupError('ServerUnavailable', what);
    if (!(cause instanceof ApplicationFailure) || !(cause.type && cause.type in FAILURES)) continue;
    return new HostLookupError(cause.type as FailureType, cause.message);
  }
  return null;
}

/**
 * The host that a person means: `isolation/<sensor>`, `sensor-<n>`, the exact id of a containment (its frozen sensor), else
 * a host name.
 */
export async function hostOf(session: Session, text: string): Promise<LookupInput> {
  const { sensorId, hostname, workflowId } = hostRefOf(text);
  if (sensorId !== undefined) return { sensorId };
  const run = workflowId === undefined ? null : await describeRun(session, workflowId);
  if (run?.type === WORKFLOW_TYPES.containEndpoint) {
    const target = await sensorOfRun(session, run);
    if (target !== null) return { sensorId: target };
  }
  if (hostname !== undefined) return { hostname };
  throw new HostLookupError('NoSuchHost', `There is no run ${text}, and no host can have that name.`);
}

/** The sensor that a containment works on, or has worked on; `null` where it has not resolved one. */
export async function sensorOfRun(
  session: Session,
  run: WorkflowExecutionDescription,
): Promise<number | null> {
  const receipt = run.memo?.[MEMO_KEYS.receipt] as Partial<Receipt> | undefined;
  if (receipt?.target) return receipt.target.sensorId;
  if (!isRunning(run) || !(await someonePolls(session, TASK_QUEUES.main))) return null;
  try {
    const handle = session.client.workflow.getHandle(run.workflowId, run.runId);
    const status = await call(session, () => handle.query(statusQuery));
    return status.target?.sensorId ?? null;
  } catch {
    return null;
  }
}
