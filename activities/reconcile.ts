import type { Context } from '@temporalio/activity';
import type { Sensor } from '../cb-response/index.js';
import {
  type FrozenTarget,
  leaseId,
  type LeaseState,
  type ReconcileInput,
  type ReconcileRow,
  type Reconciliation,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import type { Deps } from './deps.js';
import { LeaseClient } from './lease-client.js';
import { targetOf } from './resolve.js';

type Row = Omit<ReconcileRow, 'state' | 'what'>;

/** How long an adopted hold may take to reach its lease. */
const ADOPT_WITHIN_MS = 5 * 60_000;

/**
 * The server's isolated sensors against the leases. A lease of ours that was ended from outside is known by its memo and
 * taken up again; an isolation without such a memo is foreign: kept, told, and taken over only with `adopt`.
 */
export async function reconcile(
  deps: Deps,
  context: Context,
  input: ReconcileInput,
): Promise<Reconciliation> {
  const sensors = await deps.cb.sensors.search({}, { signal: context.cancellationSignal });
  const rows: ReconcileRow[] = [];
  const running = await runningLeases(context);
  for (const sensor of sensors.filter((s) => s.wish || s.fact || running.has(leaseId(s.id)))) {
    context.heartbeat(sensor.id);
    const row = await judge(deps, context, input, sensor);
    if (row !== null) rows.push(row);
  }
  for (const id of running) {
    if (sensors.some((s) => leaseId(s.id) === id)) continue;
    rows.push(await missing(context, id));
  }
  return { server: deps.cb.serverName, rows, sensors: sensors.length, at: await deps.clock.now() };
}

async function judge(
  deps: Deps,
  context: Context,
  input: ReconcileInput,
  sensor: Sensor,
): Promise<ReconcileRow | null> {
  const target = targetOf(sensor, deps.cb.serverName);
  const lease = new LeaseClient(context.client, target);
  const seen = await lease.look();
  const row = rowOf(sensor, seen?.running ? seen.state : null);
  if (seen?.running && seen.state.holds.length > 0) {
    if (sensor.wish) return { ...row, state: 'held', what: 'Wish and lease agree.' };
    return { ...row, state: 'drifted', what: 'The lease is held, and the wish is gone.' };
  }
  if (seen?.running) {
    return sensor.wish || sensor.fact
      ? { ...row, state: 'releasing', what: 'Its lease is releasing it.' }
      : null;
  }
  if (!sensor.wish) {
    if (!sensor.fact) return null;
    return {
      ...row,
      state: 'releasing',
      what: 'Its release was asked for; the sensor has not confirmed yet.',
    };
  }
  const heir = await lease.heir();
  if (heir !== null)
    return await takeUp(
      input,
      lease,
      row,
      heir.holds.map((h) => h.holdId),
    );
  return await foreign(deps, input, lease, target, row);
}

async function takeUp(
  input: ReconcileInput,
  lease: LeaseClient,
  row: Row,
  holds: string[],
): Promise<ReconcileRow> {
  if (input.dryRun)
    return { ...row, holds, state: 'orphaned', what: 'Ours; its lease was ended from outside.' };
  await lease.takeUp();
  return { ...row, holds, state: 'taken-up', what: 'Ours; its lease was ended from outside and runs again.' };
}

async function foreign(
  deps: Deps,
  input: ReconcileInput,
  lease: LeaseClient,
  target: FrozenTarget,
  row: Row,
): Promise<ReconcileRow> {
  if (!input.adopt || input.dryRun) {
    return {
      ...row,
      state: 'foreign',
      what: 'Isolated by somebody else: kept as it is. --adopt takes it over.',
    };
  }
  const holdId = `person/${input.who ?? 'somebody'}/adopted-${target.sensorId}`;
  await lease.acquire({
    holdId,
    who: input.who,
    reason: input.reason,
    validUntil: (await deps.clock.now()) + ADOPT_WITHIN_MS,
    adopt: true,
  });
  return {
    ...row,
    holds: [holdId],
    state: 'adopted',
    what: 'Isolated by somebody else; now held by this person.',
  };
}

function rowOf(sensor: Sensor, state: LeaseState | null): Row {
  return {
    sensorId: sensor.id,
    hostname: sensor.computerName,
    wish: sensor.wish,
    fact: sensor.fact,
    leaseId: leaseId(sensor.id),
    holds: (state?.holds ?? []).map((h) => h.holdId),
  };
}

async function missing(context: Context, id: string): Promise<ReconcileRow> {
  const sensorId = Number(id.slice(id.lastIndexOf('/') + 1));
  const state = await context.client.workflow.getHandle(id).query<LeaseState>('holds');
  return {
    sensorId,
    hostname: state.target.hostname,
    wish: null,
    fact: null,
    leaseId: id,
    holds: state.holds.map((h) => h.holdId),
    state: 'missing',
    what: 'A lease runs for a sensor that the server does not show any more.',
  };
}

/** Ids of the leases that run; empty where the server cannot list (then only isolated sensors are looked at). */
async function runningLeases(context: Context): Promise<Set<string>> {
  const ids = new Set<string>();
  try {
    const query = `WorkflowType = '${WORKFLOW_TYPES.isolationLease}' AND ExecutionStatus = 'Running'`;
    for await (const run of context.client.workflow.list({ query })) ids.add(run.workflowId);
  } catch {
    return ids;
  }
  return ids;
}
