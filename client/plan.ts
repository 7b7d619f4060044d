import type { WorkflowExecutionDescription } from '@temporalio/client';
import {
  containmentId,
  hostForm,
  isHostForm,
  MEMO_KEYS,
  type Plan,
  type Receipt,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { NoPlanError } from './approval-errors.js';
import { NoSuchRunError, NoWorkerError } from './errors.js';
import { describeRun, findRun, isRunning } from './find-run.js';
import { planQuery } from './messages.js';
import { requireWorker } from './lookup.js';
import { call, isUnanswered, type Session } from './session.js';

/**
 * The last plan of a run, else of the latest dry run of that host. Needs a worker only while the run goes on.
 * @throws {@link NoPlanError}, {@link NoSuchRunError}
 */
export async function planOf(session: Session, idOrHost: string): Promise<Plan> {
  const run = await findRun(session, idOrHost).catch((error: unknown) => {
    if (error instanceof NoSuchRunError) return null;
    throw error;
  });
  const plan = run === null ? null : await planOfRun(session, run);
  if (plan !== null) return plan;
  const host = idOrHost.trim();
  const dry = isHostForm(hostForm(host))
    ? await describeRun(session, containmentId({ hostname: host, dryRun: true }))
    : null;
  const planned = dry?.type === WORKFLOW_TYPES.containEndpoint ? await planOfRun(session, dry) : null;
  if (planned !== null) return planned;
  throw new NoPlanError(run?.workflowId ?? dry?.workflowId ?? host);
}

async function planOfRun(session: Session, run: WorkflowExecutionDescription): Promise<Plan | null> {
  const { workflowId, runId } = run;
  if (!isRunning(run)) return (run.memo?.[MEMO_KEYS.receipt] as Partial<Receipt> | undefined)?.plan ?? null;
  const what = `${workflowId} goes on when one comes; only a worker can tell its plan.`;
  await requireWorker(session, what);
  try {
    return await call(session, () => session.client.workflow.getHandle(workflowId, runId).query(planQuery));
  } catch (error) {
    throw isUnanswered(error) ? new NoWorkerError(TASK_QUEUES.main, what, { workflowId, runId }) : error;
  }
}
