import type { WorkflowExecutionInfo } from '@temporalio/client';
import {
  type LeaseCarried,
  type LeaseState,
  MEMO_KEYS,
  SEARCH_ATTRIBUTES,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { describeRun, isRunning } from './find-run.js';
import { statusOfLease, statusOfMemo } from './host-status.js';
import type { HostStatus } from './host-types.js';
import { holdsQuery } from './messages.js';
import { someonePolls } from './pollers.js';
import { call, type Session } from './session.js';

export interface Leases {
  /** One row a lease that runs: each of them holds a host, or is releasing it. */
  leases: HostStatus[];
  /** Without a worker the rows come from memos: holds and ends are right, what the sensor says now is not known. */
  worker: boolean;
}

type LeaseFields = 'workflowId' | 'runId' | 'memo' | 'status' | 'typedSearchAttributes';

const SIDE_BY_SIDE = 8;
const QUERY_MS = 10_000;

/** Who holds what, until when, wish and fact as each lease saw them last. */
export async function listLeases(session: Session): Promise<Leases> {
  const runs: WorkflowExecutionInfo[] = [];
  await call(session, async () => {
    const query = `WorkflowType = '${WORKFLOW_TYPES.isolationLease}' AND ExecutionStatus = 'Running'`;
    for await (const run of session.client.workflow.list({ query })) runs.push(run);
  });
  let worker = await someonePolls(session, TASK_QUEUES.main);
  const rows: (HostStatus | null)[] = [];
  for (let i = 0; i < runs.length; i += SIDE_BY_SIDE) {
    const some = await Promise.all(runs.slice(i, i + SIDE_BY_SIDE).map((run) => rowOf(session, run, worker)));
    // Who polled a moment ago may be dead by now: what nobody answers is not asked of every lease.
    if (some.every((row) => row?.source !== 'lease')) worker = false;
    rows.push(...some);
  }
  // A lease that nobody holds and that has released its host only waits for an acquire that must not come.
  const telling = rows.filter((r) => r !== null && (r.holds.length > 0 || r.state !== 'released'));
  return { leases: (telling as HostStatus[]).sort((a, b) => a.sensorId - b.sensorId), worker };
}

/** One lease by its sensor, worker or not; `null` where none ever was, or it closed by itself. */
export async function leaseOfSensor(session: Session, sensorId: number): Promise<HostStatus | null> {
  const run = await describeRun(session, `isolation/${sensorId}`);
  if (run === null || run.status.name === 'COMPLETED') return null;
  return await rowOf(session, run, isRunning(run) && (await someonePolls(session, TASK_QUEUES.main)));
}

async function rowOf(
  session: Session,
  run: Pick<WorkflowExecutionInfo, LeaseFields>,
  ask: boolean,
): Promise<HostStatus | null> {
  const state = ask ? await holdsOf(session, run) : null;
  if (state !== null) return statusOfLease(state);
  const carried = run.memo?.[MEMO_KEYS.lease] as LeaseCarried | undefined;
  const sensorId = Number(run.workflowId.slice(run.workflowId.lastIndexOf('/') + 1));
  if (carried === undefined || !Number.isSafeInteger(sensorId)) return null;
  return statusOfMemo(carried, {
    sensorId,
    hostname: hostnameOf(run),
    running: run.status.name === 'RUNNING',
  });
}

async function holdsOf(
  session: Session,
  run: Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'>,
): Promise<LeaseState | null> {
  try {
    const handle = session.client.workflow.getHandle(run.workflowId, run.runId);
    return await call(session, () => handle.query(holdsQuery), { deadlineMs: QUERY_MS });
  } catch {
    return null;
  }
}

function hostnameOf(run: Pick<WorkflowExecutionInfo, 'typedSearchAttributes'>): string | null {
  const host = run.typedSearchAttributes
    .getAll()
    .find(({ key }) => key.name === SEARCH_ATTRIBUTES.host)?.value;
  return typeof host === 'string' ? host.toUpperCase() : null;
}
