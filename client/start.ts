import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import {
  checkRequest,
  containmentId,
  type ContainRequest,
  type JoinResult,
  MEMO_KEYS,
  type Mistake,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import {
  DifferentRequestError,
  InvalidRequestError,
  NoSuchRunError,
  NoWorkerError,
  WorkerBusyError,
  RequestRefusedError,
} from './errors.js';
import { describeRun, findRun, isRunning } from './find-run.js';
import { joinUpdate } from './messages.js';
import { someoneIsBusy, someonePolls } from './pollers.js';
import { runOfRequestId } from './request-id.js';
import { call, isUnanswered, isUnknownRun, type Session, standsStill } from './session.js';
import { summaryOf } from './summary.js';
import { startMemo, updateWithStart } from './update-with-start.js';
import { awaitClose } from './wait.js';

export interface StartOptions {
  /** Stops the waiting (for a run that is about to close, for a worker); never the run. */
  signal?: AbortSignal;
  /** A run of this host is just closing; a new one is started after its end. */
  onClosing?: (run: { workflowId: string; runId: string }) => void;
}

export interface StartedRun {
  workflowId: string;
  runId: string;
  /** `repeated`: a run with the same `requestId` was there already, running or closed; nothing was started. */
  how: 'started' | 'joined' | 'repeated';
  /** No worker polls: the run is there and goes on by itself when one comes. */
  noWorker: boolean;
}

/** How long an update may wait for a worker that polled a moment ago, and may be dead or have too much to do. */
const UPDATE_MS = 10_000;
/** How often a worker that has too much to do is asked to add a request to the run of another. */
const MOST_ASKED = 3;
const CLOSINGS = 50;
/** A run that has not found its host yet cannot compare another request with it. */
const NOT_YET_MS = 300;
type Again = 'closing' | 'not-yet';

/** Starts the containment of a host, or adds the request to the one that runs. Each call has an id of its own. */
export async function startOrJoin(
  session: Session,
  request: ContainRequest,
  o: StartOptions = {},
): Promise<StartedRun> {
  const checked = checkRequest(request);
  if (!checked.ok) throw new InvalidRequestError(checked.mistakes);
  const workflowId = containmentId(request);
  const callId = randomUUID();
  for (let attempt = 0; attempt < CLOSINGS; attempt += 1) {
    if (checked.request.requestId !== null) {
      const known = await runOfRequestId(session, workflowId, checked.request.requestId);
      if (known) return { workflowId, runId: known.runId, how: 'repeated', noWorker: false };
    }
    if (!(await someonePolls(session, TASK_QUEUES.main))) {
      return await startWithoutWorker(session, request, workflowId, callId);
    }
    const outcome = await joinOrStart(session, request, workflowId, callId, o);
    if (outcome === 'not-yet') {
      await sleep(NOT_YET_MS, undefined, { signal: o.signal });
      continue;
    }
    if (outcome !== 'closing') return outcome;
    await passClosing(session, workflowId, o);
  }
  throw new DifferentRequestError(workflowId, `${CLOSINGS} runs closed just as this request came.`);
}

/** Adds a request to one run that is known by id or host. */
export async function joinRun(
  session: Session,
  idOrHost: string,
  request: ContainRequest,
  o: StartOptions = {},
): Promise<StartedRun> {
  const checked = checkRequest(request);
  if (!checked.ok) throw new InvalidRequestError(checked.mistakes);
  const run = await findRun(session, idOrHost);
  const { workflowId, runId } = run;
  const closed = (how: string): NoSuchRunError =>
    new NoSuchRunError(`${workflowId} ${how}.`, 'Start a new one: containEndpoint.');
  if (!isRunning(run)) throw closed(`has closed (${run.status.name})`);
  const callId = randomUUID();
  for (let attempt = 0; attempt < CLOSINGS; attempt += 1) {
    const outcome = await settleJoin(session, workflowId, callId, o, () =>
      session.client.workflow
        .getHandle(workflowId, runId)
        .executeUpdate(joinUpdate, { args: [{ request, callId }], updateId: callId }),
    );
    if (outcome === 'closing') throw closed('is closing, or has closed');
    if (outcome !== 'not-yet') return outcome;
    await sleep(NOT_YET_MS, undefined, { signal: o.signal });
  }
  throw new DifferentRequestError(
    workflowId,
    'It has not found its host yet, so the two cannot be compared.',
  );
}

function joinOrStart(
  session: Session,
  request: ContainRequest,
  workflowId: string,
  callId: string,
  o: StartOptions,
): Promise<StartedRun | Again> {
  return settleJoin(session, workflowId, callId, o, () =>
    updateWithStart(session.client, {
      workflowId,
      request,
      callId,
      staticSummary: summaryOf(request),
    }),
  );
}

async function settleJoin(
  session: Session,
  workflowId: string,
  callId: string,
  o: StartOptions,
  send: () => Promise<JoinResult>,
): Promise<StartedRun | Again> {
  for (let asked = 1; ; asked += 1) {
    try {
      const answer = await call(session, send, { deadlineMs: UPDATE_MS, signal: o.signal });
      return { workflowId, runId: answer.runId, how: answer.joined ? 'joined' : 'started', noWorker: false };
    } catch (error) {
      if (isUnanswered(error)) {
        const run = await unanswered(session, workflowId, callId, o);
        if (run !== null) return run;
        // An update with the same id is not told twice.
        if (asked < MOST_ASKED) continue;
      }
      if (isUnanswered(error) || standsStill(error)) {
        const latest = await describeRun(session, workflowId);
        throw new WorkerBusyError(workflowId, latest && { workflowId, runId: latest.runId });
      }
      if (isUnknownRun(error)) return await ownRunOrClosing(session, workflowId, callId);
      const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
      if (!(cause instanceof ApplicationFailure)) throw error;
      return await refusedJoin(session, workflowId, callId, cause);
    }
  }
}

/** The run that this call has started; `null`: another one is to be joined, and its worker has too much to do to answer. */
async function unanswered(
  session: Session,
  workflowId: string,
  callId: string,
  o: StartOptions,
): Promise<StartedRun | null> {
  const busy = await someoneIsBusy(session, TASK_QUEUES.main, o.signal);
  if (!busy) return await ownRunOrNoWorker(session, workflowId, callId);
  const own = await ownRun(session, workflowId, callId);
  return own === null ? null : { workflowId, runId: own, how: 'started', noWorker: false };
}

async function refusedJoin(
  session: Session,
  workflowId: string,
  callId: string,
  failure: ApplicationFailure,
): Promise<StartedRun | Again> {
  switch (failure.type) {
    case 'RunClosing':
      return 'closing';
    case 'NotYet':
      return 'not-yet';
    case 'AcceptedUpdateCompletedWorkflow':
      return await ownRunOrClosing(session, workflowId, callId);
    case 'InvalidRequest':
      throw new InvalidRequestError((failure.details?.[0] ?? []) as Mistake[]);
    case 'DifferentRequest':
      throw new DifferentRequestError(workflowId, failure.message);
    case 'ProtectedProcess':
    case 'ProtectedHash':
    case 'IsolationUnsupported':
    case 'LiveResponseUnsupported':
      throw new RequestRefusedError(failure.type, failure.message);
    default:
      throw failure;
  }
}

/** The run closed in the task that took the update, or before it. Where we started it, that run is the answer. */
async function ownRunOrClosing(
  session: Session,
  workflowId: string,
  callId: string,
): Promise<StartedRun | Again> {
  const own = await ownRun(session, workflowId, callId);
  return own ? { workflowId, runId: own, how: 'started', noWorker: false } : 'closing';
}

/** Without a worker an update would hang: the run is started plainly, and waits for one. */
async function startWithoutWorker(
  session: Session,
  request: ContainRequest,
  workflowId: string,
  callId: string,
): Promise<StartedRun> {
  await call(session, () =>
    session.client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
      workflowId,
      taskQueue: TASK_QUEUES.main,
      args: [request],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      memo: startMemo(request, callId),
      staticSummary: summaryOf(request),
    }),
  );
  return await ownRunOrNoWorker(session, workflowId, callId);
}

async function ownRunOrNoWorker(session: Session, workflowId: string, callId: string): Promise<StartedRun> {
  const own = await ownRun(session, workflowId, callId);
  if (own !== null) return { workflowId, runId: own, how: 'started', noWorker: true };
  const latest = await describeRun(session, workflowId);
  throw new NoWorkerError(
    TASK_QUEUES.main,
    `${workflowId} runs already, and this request could not be handed over to it for certain.`,
    latest ? { workflowId, runId: latest.runId } : null,
  );
}

async function ownRun(session: Session, workflowId: string, callId: string): Promise<string | null> {
  const latest = await describeRun(session, workflowId);
  return latest?.memo?.[MEMO_KEYS.startedBy] === callId ? latest.runId : null;
}

async function passClosing(session: Session, workflowId: string, o: StartOptions): Promise<void> {
  const latest = await describeRun(session, workflowId);
  if (latest === null || !isRunning(latest)) return;
  o.onClosing?.({ workflowId, runId: latest.runId });
  await awaitClose(session, latest, { signal: o.signal });
}
