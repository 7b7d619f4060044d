import type { WorkflowExecutionDescription } from '@temporalio/client';
import { TASK_QUEUES, WORKFLOW_TYPES } from '../contract/index.js';
import { NoSuchRunError } from './errors.js';
import { describeRun, findRun, isRunning } from './find-run.js';
import { HostLookupError } from './lease-errors.js';
import { hostOf, lookUp } from './lookup.js';
import { someonePolls } from './pollers.js';
import { isDeadline, type Session } from './session.js';

const LOOKUP_MS = 20_000;

/**
 * The run that a person means: the exact workflow id, else the latest containment of that host, else a run that holds the
 * isolation of its sensor, which only a look-up on the worker tells: by another form of its name, or with an id of its own.
 * @throws {@link NoSuchRunError}
 */
export async function findRunOrLookUp(
  session: Session,
  idOrHost: string,
): Promise<WorkflowExecutionDescription> {
  try {
    return await findRun(session, idOrHost);
  } catch (error) {
    if (!(error instanceof NoSuchRunError)) throw error;
    const held = await holderOf(session, idOrHost);
    if (held === null) throw error;
    return held;
  }
}

async function holderOf(session: Session, text: string): Promise<WorkflowExecutionDescription | null> {
  try {
    if (!(await someonePolls(session, TASK_QUEUES.main))) return null;
    const { lease } = await lookUp(session, await hostOf(session, text), { waitMs: LOOKUP_MS });
    const runs = await Promise.all(
      (lease?.holds ?? []).flatMap(({ workflowId, runId }) =>
        workflowId === null || runId === null ? [] : [describeRun(session, workflowId, runId)],
      ),
    );
    const found = runs.filter((run) => run?.type === WORKFLOW_TYPES.containEndpoint);
    return found.find((run) => run !== null && isRunning(run)) ?? found.at(-1) ?? null;
  } catch (error) {
    if (error instanceof HostLookupError || isDeadline(error)) return null;
    throw error;
  }
}
