import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApplicationFailure,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  type UpdateDefinition,
} from '@temporalio/client';
import {
  type AcquireArgs,
  type FrozenTarget,
  type LeaseCarried,
  leaseId,
  type LeaseInput,
  leaseStart,
  type LeaseState,
  leftToHeir,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { InvalidRequestError, NoWorkerError } from './errors.js';
import { describeRun, isRunning } from './find-run.js';
import { NoSuchLeaseError } from './lease-errors.js';
import { acquireUpdate } from './messages.js';
import { call, isUnanswered, isUnknownRun, type Session } from './session.js';

const UPDATE_MS = 15_000;
/** A lease that is about to close refuses, and has closed a moment later. */
const CLOSINGS = 25;
const CLOSING_MS = 200;

export interface LeaseRun {
  running: boolean;
  /** What a run that was ended from outside left to its heir. */
  carried: LeaseCarried | null;
}

export async function lastLeaseRun(session: Session, sensorId: number): Promise<LeaseRun> {
  const run = await describeRun(session, leaseId(sensorId));
  if (run === null) return { running: false, carried: null };
  return {
    running: isRunning(run),
    carried: leftToHeir({ status: run.status.name, runId: run.runId, memo: run.memo }),
  };
}

/** Takes a hold; starts the lease where none runs. Idempotent by hold id, so that it may be sent again. */
export function acquire(session: Session, target: FrozenTarget, args: AcquireArgs): Promise<LeaseState> {
  return pastClosings(session, target, args.holdId, ({ carried }) =>
    withStart(session, target, carried, acquireUpdate, {
      ...args,
      target: leaseStart(target, null).input.target,
    }),
  );
}

/**
 * Sends an update to a lease that runs, or to the heir of one that was ended from outside. Never starts one beside that.
 * @throws {@link NoSuchLeaseError} where there is none.
 */
export function updateLease<A extends { holdId: string }>(
  session: Session,
  target: FrozenTarget,
  update: UpdateDefinition<LeaseState, [A]>,
  args: A,
): Promise<LeaseState> {
  return pastClosings(session, target, args.holdId, ({ carried, running }) => {
    if (carried !== null) return withStart(session, target, carried, update, args);
    if (!running) throw noLease(target.hostname);
    return session.client.workflow
      .getHandle(leaseId(target.sensorId))
      .executeUpdate(update, { args: [args], updateId: randomUUID() });
  });
}

/** Starts the heir of a lease that was ended from outside; it goes on where that one was. */
export async function takeUp(session: Session, target: FrozenTarget): Promise<void> {
  const { carried } = await lastLeaseRun(session, target.sensorId);
  if (carried === null) return;
  await call(session, () =>
    session.client.workflow.start(WORKFLOW_TYPES.isolationLease, startOptions(target, carried)),
  );
}

export function noLease(hostname: string): NoSuchLeaseError {
  return new NoSuchLeaseError(`Nobody holds the isolation of ${hostname}.`);
}

function withStart<A>(
  session: Session,
  target: FrozenTarget,
  carried: LeaseCarried | null,
  update: UpdateDefinition<LeaseState, [A]>,
  args: A,
): Promise<LeaseState> {
  const startWorkflowOperation = new WithStartWorkflowOperation(
    WORKFLOW_TYPES.isolationLease,
    startOptions(target, carried),
  );
  // Its own promise fails beside the update's, and nobody would catch it.
  startWorkflowOperation.workflowHandle().catch(() => undefined);
  return session.client.workflow.executeUpdateWithStart(update, {
    args: [args],
    updateId: randomUUID(),
    startWorkflowOperation,
  });
}

function startOptions(target: FrozenTarget, carried: LeaseCarried | null) {
  const { workflowId, input, staticSummary } = leaseStart(target, carried);
  return {
    workflowId,
    taskQueue: TASK_QUEUES.main,
    args: [input] as [LeaseInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    staticSummary,
  };
}

async function pastClosings(
  session: Session,
  target: FrozenTarget,
  holdId: string,
  send: (run: LeaseRun) => Promise<LeaseState>,
): Promise<LeaseState> {
  for (let attempt = 1; ; attempt += 1) {
    const run = await lastLeaseRun(session, target.sensorId);
    try {
      return await call(session, () => send(run), { deadlineMs: UPDATE_MS });
    } catch (error) {
      if (!isClosing(error) || attempt === CLOSINGS) throw leaseError(error, target, holdId);
      await sleep(CLOSING_MS);
    }
  }
}

function isClosing(error: unknown): boolean {
  const type = failureOf(error)?.type;
  return isUnknownRun(error) || type === 'LeaseClosing' || type === 'AcceptedUpdateCompletedWorkflow';
}

function failureOf(error: unknown): ApplicationFailure | null {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
  return cause instanceof ApplicationFailure ? cause : null;
}

function leaseError(error: unknown, target: FrozenTarget, holdId: string): unknown {
  if (isUnanswered(error)) {
    const what = `The lease ${leaseId(target.sensorId)} did not answer, and may still do what was asked of hold ${holdId}.`;
    return new NoWorkerError(TASK_QUEUES.main, what);
  }
  const failure = failureOf(error);
  if (failure?.type === 'InvalidRequest') {
    return new InvalidRequestError([
      { field: '', problem: failure.message, expected: 'What the lease allows.' },
    ]);
  }
  return failure?.type === 'HoldExpired' ? new NoSuchLeaseError(failure.message) : error;
}
