import { randomUUID } from 'node:crypto';
import { type UpdateDefinition, WithStartWorkflowOperation } from '@temporalio/client';
import {
  BRAKES_ID,
  type BrakesCarried,
  brakesMemo,
  brakesStart,
  type BrakesState,
  brakesState,
  type PauseResult,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { NoWorkerError } from './errors.js';
import { describeRun } from './find-run.js';
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

/** No new containment starts from now on; running ones, undo and a person's own `isolate` go on. */
export async function pausePlaybook(session: Session, o: PauseOptions): Promise<PauseResult> {
  const { who, reason } = wordsOf(o);
  return await pulled(session, 'paused', pauseUpdate, { who, why: reason }, await lookAtBrakes(session));
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
