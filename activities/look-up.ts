import type { Context } from '@temporalio/activity';
import type { HostOverview, LookupInput } from '../contract/index.js';
import type { Deps } from './deps.js';
import { isRunOpen } from './is-run-open.js';
import { LeaseClient } from './lease-client.js';
import { checkinOf, findTarget } from './resolve.js';

/** Everything an operator verb needs to know of one host: its sensor, its lease, and which holders still run. */
export async function lookUp(deps: Deps, context: Context, input: LookupInput): Promise<HostOverview> {
  const byId = /^sensor-(\d+)$/i.exec(input.hostname ?? '');
  const sensorId = input.sensorId ?? (byId === null ? null : Number(byId[1]));
  const hostname = byId === null ? (input.hostname ?? null) : null;
  const { sensor, target } = await findTarget(deps, { hostname, sensorId }, context.cancellationSignal);
  const seen = await new LeaseClient(context.client, target).look();
  const open = await Promise.all(
    (seen?.state.holds ?? []).map(async ({ holdId, workflowId, runId }) =>
      workflowId !== null && runId !== null && (await isRunOpen(context, { workflowId, runId }))
        ? holdId
        : null,
    ),
  );
  return {
    target,
    checkin: checkinOf(sensor),
    wish: sensor.wish,
    fact: sensor.fact,
    supportsIsolation: sensor.supportsIsolation,
    lease: seen === null ? null : { ...seen.state, running: seen.running },
    openHolds: open.filter((id) => id !== null),
    at: await deps.clock.now(),
  };
}
