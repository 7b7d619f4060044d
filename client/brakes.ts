import { randomUUID } from 'node:crypto';
import {
  type UpdateDefinition,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import {
  BRAKES_ID,
  BRAKES_MOST_EVENTS,
  type BrakesCarried,
  brakesMemo,
  brakesStart,
  type BrakesState,
  brakesState,
  type PauseArgs,
  type PauseResult,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { NoWorkerError } from './errors.js';
import { describeRun, isRunning } from './find-run.js';
import { BrakesNeedWorkerError } from './guard-errors.js';
import { resumeWords } from './guard-input.js';
import { requireWorker } from './lookup.js';
import { pauseUpdate, resumeUpdate } from './messages.js';
import { wordsOf } from './operator-input.js';
import { call, isUnanswered, type Session } from './session.js';

export interface PauseOptions {
  /** Told to everybody whose containment is refused. */
  reason: string;
  who?: string;
}

export interface ResumeOptions {
  reason?: string;
  who?: string;
}

const UPDATE_MS = 15_000;
const NOTHING: BrakesCarried = { paused: null, lastHour: [], isolated: [], events: [] };

/** Whether the playbook is paused, and what counts against the limits. Needs no worker. */
export async function brakesOf(session: Session): Promise<BrakesState> {
  return brakesState((await lookAtBrakes(session)) ?? NOTHING, Date.now());
}

/**
 * No new containment starts from now on; running ones, undo and a person's own `isolate` go on. Needs no worker where the
 * brakes do not run.
 * @throws {@link BrakesNeedWorkerError} where they run and no worker does
 */
export async function pausePlaybook(session: Session, o: PauseOptions): Promise<PauseResult> {
  const { who, reason } = wordsOf(o);
  const run = await describeRun(session, BRAKES_ID);
  const carried = brakesMemo(run?.memo);
  if (run === null || !isRunning(run)) {
    const started = await startedPaused(session, { who, why: reason }, carried ?? NOTHING);
    if (started !== null) return started;
  }
  try {
    return await pulled(session, 'paused', pauseUpdate, { who, why: reason }, carried);
  } catch (error) {
    if (!(error instanceof NoWorkerError)) throw error;
    const now = await lookAtBrakes(session);
    if (now?.paused) return { changed: false, state: brakesState(now, Date.now()) };
    throw new BrakesNeedWorkerError(session.namespace);
  }
}

/**
 * Where no brakes run, they are started as paused, by memo and argument: that needs no worker, and whoever starts next sees
 * it. `null` where somebody else started them meanwhile.
 */
async function startedPaused(
  session: Session,
  { who, why }: PauseArgs,
  before: BrakesCarried,
): Promise<PauseResult | null> {
  const since = new Date().toISOString();
  const changed = before.paused === null;
  const what = `Paused by ${who ?? 'somebody'}${changed ? '' : ' once more'}: ${why}`;
  const carried: BrakesCarried = {
    ...before,
    paused: before.paused ?? { by: who, since, why },
    events: [...before.events, { at: since, what }].slice(-BRAKES_MOST_EVENTS),
  };
  try {
    await call(session, () =>
      session.client.workflow.start(WORKFLOW_TYPES.brakes, {
        ...brakesStart(carried),
        taskQueue: TASK_QUEUES.main,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      }),
    );
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
  return { changed, state: brakesState(carried, Date.now()) };
}

/** Lets containments start again. Of a playbook that is not paused it changes nothing. */
export async function resumePlaybook(session: Session, o: ResumeOptions = {}): Promise<PauseResult> {
  const words = resumeWords(o);
  const carried = await lookAtBrakes(session);
  if (carried === null || carried.paused === null)
    return { changed: false, state: brakesState(carried ?? NOTHING, Date.now()) };
  return await pulled(session, 'resumed', resumeUpdate, words, carried);
}

async function lookAtBrakes(session: Session): Promise<BrakesCarried | null> {
  return brakesMemo((await describeRun(session, BRAKES_ID))?.memo);
}

/** Starts the brakes where they do not run: with what those left that were ended from outside. */
async function pulled<A>(
  session: Session,
  what: string,
  update: UpdateDefinition<PauseResult, [A]>,
  args: A,
  carried: BrakesCarried | null,
): Promise<PauseResult> {
  const unsure = `Whether the playbook is ${what} is not known for certain.`;
  await requireWorker(session, `The playbook was not ${what}.`);
  const startWorkflowOperation = new WithStartWorkflowOperation(WORKFLOW_TYPES.brakes, {
    ...brakesStart(carried),
    taskQueue: TASK_QUEUES.main,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  // Its own promise fails beside the update's, and nobody would catch it.
  startWorkflowOperation.workflowHandle().catch(() => undefined);
  try {
    const send = (): Promise<PauseResult> =>
      session.client.workflow.executeUpdateWithStart(update, {
        args: [args],
        updateId: randomUUID(),
        startWorkflowOperation,
      });
    return await call(session, send, { deadlineMs: UPDATE_MS });
  } catch (error) {
    throw isUnanswered(error) ? new NoWorkerError(TASK_QUEUES.main, unsure) : error;
  }
}
