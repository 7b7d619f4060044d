import type { Context } from '@temporalio/activity';
import type { Sensor } from '../cb-response/index.js';
import {
  type FrozenTarget,
  leaseId,
  type LeaseCarried,
  type LeaseState,
  type ReconcileInput,
  type ReconcileRow,
  type Reconciliation,
} from '../contract/index.js';
import type { Deps } from './deps.js';
import { LeaseClient } from './lease-client.js';
import { knownLeases } from './known-leases.js';
import { seeLease } from './lease-seen.js';
import { targetOf } from './resolve.js';
import { temporalNow } from './temporal-time.js';

type Row = Omit<ReconcileRow, 'state' | 'what'>;

/** How long an adopted hold may take to reach its lease. */
const ADOPT_WITHIN_MS = 5 * 60_000;

/**
 * The server's isolated sensors against the leases. A lease that was ended from outside is known by its memo: where it left
 * our wish or a hold, it is taken up again. An isolation that is not of our making is kept, told, and taken over only with
 * `adopt`, held by us or not.
 */
export async function reconcile(
  deps: Deps,
  context: Context,
  input: ReconcileInput,
): Promise<Reconciliation> {
  const sensors = await deps.cb.sensors.search({}, { signal: context.cancellationSignal });
  const rows: ReconcileRow[] = [];
  const known = await knownLeases(context);
  for (const sensor of sensors.filter((s) => s.wish || s.fact || known.has(leaseId(s.id)))) {
    context.heartbeat(sensor.id);
    const row = await judge(deps, context, input, sensor);
    if (row !== null) rows.push(row);
  }
  for (const id of known) {
    if (sensors.some((s) => leaseId(s.id) === id)) continue;
    const row = await missing(context, id);
    if (row !== null) rows.push(row);
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
    if (!sensor.wish) return { ...row, state: 'drifted', what: 'The lease is held, and the wish is gone.' };
    if (seen.state.wish === 'foreign') return await foreign(deps, context, input, lease, target, row);
    return { ...row, state: 'held', what: 'Wish and lease agree.' };
  }
  // One that waits for an acquire that must not come any more has done its part: what stands is somebody else's.
  const done = seen?.state.wish === 'released' && sensor.wish;
  if (seen?.running && !done) {
    return sensor.wish || sensor.fact
      ? { ...row, state: 'releasing', what: 'Its lease is releasing it.' }
      : null;
  }
  const left = seen?.left ?? null;
  if (left !== null && (left.holds.length > 0 || (left.ours && (sensor.wish || sensor.fact)))) {
    const taken = await takeUp(input, lease, row, left, sensor.wish);
    const others = sensor.wish && !left.ours;
    return others && input.adopt && !input.dryRun
      ? await foreign(deps, context, input, lease, target, taken)
      : taken;
  }
  if (sensor.wish) return await foreign(deps, context, input, lease, target, row);
  if (!sensor.fact) return null;
  return { ...row, state: 'releasing', what: 'Its release was asked for; the sensor has not confirmed yet.' };
}

async function takeUp(
  input: ReconcileInput,
  lease: LeaseClient,
  row: Row,
  left: LeaseCarried,
  wish: boolean,
): Promise<ReconcileRow> {
  const holds = left.holds.map((h) => h.holdId);
  const whose = !wish
    ? 'The wish does not stand'
    : left.ours
      ? 'Ours'
      : 'Held, and isolated by somebody else';
  const what = `${whose}; its lease was ended from outside`;
  if (input.dryRun) return { ...row, holds, state: 'orphaned', what: `${what}.` };
  await lease.takeUp();
  return { ...row, holds, state: 'taken-up', what: `${what} and runs again.` };
}

async function foreign(
  deps: Deps,
  context: Context,
  input: ReconcileInput,
  lease: LeaseClient,
  target: FrozenTarget,
  row: Row,
): Promise<ReconcileRow> {
  if (!input.adopt || input.dryRun) {
    const kept =
      row.holds.length === 0
        ? 'kept as it is'
        : 'held by us too, and kept when the last of our holds is gone';
    return {
      ...row,
      state: 'foreign',
      what: `Isolated by somebody else: ${kept}. --adopt takes it over.`,
    };
  }
  const holdId = `person/${input.who ?? 'somebody'}/adopted-${target.sensorId}`;
  await lease.acquire({
    holdId,
    who: input.who,
    reason: input.reason,
    validUntil: (await temporalNow(deps, context)) + ADOPT_WITHIN_MS,
    adopt: true,
  });
  return {
    ...row,
    holds: [...new Set([...row.holds, holdId])],
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

/** `null` where the lease closed between the list and this look. */
async function missing(context: Context, id: string): Promise<ReconcileRow | null> {
  const seen = await seeLease(context.client, id);
  if (seen === null) return null;
  const { left } = seen;
  if (!seen.running && left === null) return null;
  const { target } = seen.state;
  return {
    sensorId: target.sensorId,
    hostname: target.hostname,
    wish: null,
    fact: null,
    leaseId: id,
    holds: (left ?? seen.state).holds.map((h) => h.holdId),
    state: 'missing',
    what: seen.running
      ? 'A lease runs for a sensor that the server does not show any more.'
      : 'A lease that was ended from outside held a sensor that the server does not show any more.',
  };
}
