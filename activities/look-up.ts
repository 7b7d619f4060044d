import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Sensor } from '../cb-response/index.js';
import { type HostOverview, leaseId, type LookupInput, type Target } from '../contract/index.js';
import type { Deps } from './deps.js';
import { isRunOpen } from './is-run-open.js';
import { LeaseClient } from './lease-client.js';
import { seeLease } from './lease-seen.js';
import { checkinOf, findTarget, targetOf } from './resolve.js';
import { factOf } from './stale-fact.js';
import { temporalNow } from './temporal-time.js';

type Found = Pick<HostOverview, 'target' | 'checkin' | 'wish' | 'fact' | 'supportsIsolation'>;

/** Everything an operator verb needs to know of one host: its sensor, its lease, and which holders still run. */
export async function lookUp(deps: Deps, context: Context, input: LookupInput): Promise<HostOverview> {
  const byId = /^sensor-(\d+)$/i.exec(input.hostname ?? '');
  const sensorId = input.sensorId ?? (byId === null ? null : Number(byId[1]));
  const hostname = byId === null ? (input.hostname ?? null) : null;
  const found = await findHost(deps, context, { hostname, sensorId });
  const seen = await new LeaseClient(context.client, found.target).look();
  const open = await Promise.all(
    (seen?.state.holds ?? []).map(async ({ holdId, workflowId, runId }) =>
      workflowId !== null && runId !== null && (await isRunOpen(context, { workflowId, runId }))
        ? holdId
        : null,
    ),
  );
  const said = { fact: found.fact, lastCheckin: found.checkin.lastAt };
  return {
    ...found,
    fact: factOf(said, seen?.running ? seen.state.staleCheckin : null),
    lease: seen === null ? null : { ...seen.state, running: seen.running },
    openHolds: open.filter((id) => id !== null),
    // A hold that a client asks for now is valid from then on, by Temporal's clock.
    at: await temporalNow(deps, context),
  };
}

async function findHost(
  deps: Deps,
  context: Context,
  input: { hostname: string | null; sensorId: number | null },
): Promise<Found> {
  try {
    const { sensor, target } = await findTarget(deps, input, context.cancellationSignal);
    return foundAs(sensor, target);
  } catch (err) {
    const unknown = err instanceof ApplicationFailure && err.type === 'NoSuchHost';
    if (!unknown || input.sensorId === null) throw err;
    // Its holds must be seen and given back all the same.
    const target = await targetOfLease(deps, context, input.sensorId);
    if (target === null) throw err;
    const sensor = await deps.cb.sensors.get(input.sensorId, { signal: context.cancellationSignal });
    if (sensor !== null) return foundAs(sensor, targetOf(sensor, deps.cb.serverName));
    const checkin = { intervalMs: 0, lastAt: null, nextAt: null, online: false, bootId: null };
    return { target, checkin, wish: null, fact: null, supportsIsolation: false };
  }
}

function foundAs(sensor: Sensor, target: Target): Found {
  const { wish, fact, supportsIsolation } = sensor;
  return { target, checkin: checkinOf(sensor), wish, fact, supportsIsolation };
}

/** What the lease of a sensor wrote down of it; `null` where there never was one, or it is one of another server. */
async function targetOfLease(deps: Deps, context: Context, sensorId: number): Promise<Target | null> {
  const seen = await seeLease(context.client, leaseId(sensorId));
  if (seen === null || seen.state.target.server !== deps.cb.serverName) return null;
  return { ...seen.state.target, dnsName: null, ip: null, os: '', lastCheckin: null };
}
