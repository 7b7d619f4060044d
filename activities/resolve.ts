import type { Context } from '@temporalio/activity';
import type { Sensor } from '../cb-response/index.js';
import type { Checkin, ContainActivities, ResolveResult, Target } from '../contract/index.js';
import type { Deps } from './deps.js';
import { failure } from './failure.js';
import { freezePolicy } from './freeze-policy.js';
import { surroundingsOf } from './surroundings.js';

/** While fewer than 25 sensors are active a server asks them to check in every 30 s (API reference 3.6). */
const DEFAULT_INTERVAL_MS = 30_000;
const LONGEST_INTERVAL_MS = 1_335_000;

/** Step 1: exactly one live sensor, frozen as server, sensor id and registration (hazard H1). */
export async function resolve(
  deps: Deps,
  context: Context,
  input: Parameters<ContainActivities['resolve']>[0],
): Promise<ResolveResult> {
  const [{ sensor, target }, surroundings] = await Promise.all([
    findTarget(deps, input, context.cancellationSignal),
    surroundingsOf(deps, context),
  ]);
  return {
    target,
    checkin: checkinOf(sensor),
    wish: sensor.wish,
    fact: sensor.fact,
    supportsIsolation: sensor.supportsIsolation,
    supportsLiveResponse: sensor.supportsLiveResponse,
    surroundings,
    guard: freezePolicy(deps.policy, input.policy),
    at: await deps.clock.now(),
    readsProgress: true,
  };
}

/** The one live sensor of that name or id, or a final failure that lists the candidates. */
export async function findTarget(
  deps: Deps,
  input: { hostname: string | null; sensorId: number | null },
  signal: AbortSignal,
): Promise<{ sensor: Sensor; target: Target }> {
  const { hostname, sensorId } = input;
  const match = await deps.cb.sensors.findExactlyOne(
    { hostname: hostname ?? undefined, sensorId: sensorId ?? undefined },
    { signal },
  );
  const asked = hostname ?? `sensor ${sensorId}`;
  if (match.kind === 'none' && !match.visible) {
    throw failure(
      'NoSensorsVisible',
      'The API token sees no sensor at all. Probably its user lacks rights: give it a role that sees the sensor groups.',
    );
  }
  if (match.kind === 'none') {
    const nearest = match.nearest.map(named).join(', ');
    throw failure(
      'NoSuchHost',
      `No live sensor is ${asked}.${nearest === '' ? '' : ` The nearest names: ${nearest}.`}`,
    );
  }
  if (match.kind === 'several') {
    throw failure(
      'SeveralHosts',
      `More than one live sensor is ${asked}: ${match.candidates.map(described).join('; ')}. Name one by its sensor id.`,
    );
  }
  if (match.kind === 'disagree') {
    const byId = match.bySensorId === null ? 'nothing' : named(match.bySensorId);
    const byName = match.byHostname.map(named).join(', ') || 'nothing';
    const mistake = {
      field: 'sensorId',
      problem: `Host name and sensor id disagree: sensor ${sensorId} is ${byId}, ${hostname} is ${byName}.`,
      expected: 'A host name and a sensor id of the same host, or one of the two.',
    };
    throw failure('InvalidRequest', `${mistake.problem} Expected: ${mistake.expected}`, {
      details: [[mistake]],
    });
  }
  return { sensor: match.sensor, target: targetOf(match.sensor, deps.cb.serverName) };
}

/** A sensor as a run freezes it. */
export function targetOf(sensor: Sensor, server: string): Target {
  return {
    server,
    sensorId: sensor.id,
    hostname: sensor.computerName,
    dnsName: sensor.dnsName === '' ? null : sensor.dnsName,
    ip: sensor.ip,
    groupId: sensor.groupId,
    os: sensor.os,
    osType: sensor.osType,
    lastCheckin: sensor.lastCheckin === null ? null : new Date(sensor.lastCheckin).toISOString(),
    registration: sensor.registeredAt,
  };
}

/** The interval is what the server itself expects: from the last check-in to the next (API reference 3.4). */
export function checkinOf(sensor: Sensor): Checkin {
  const { lastCheckin, nextCheckin, online, bootId } = sensor;
  const expected = lastCheckin === null || nextCheckin === null ? 0 : nextCheckin - lastCheckin;
  const intervalMs = expected > 0 ? Math.min(expected, LONGEST_INTERVAL_MS) : DEFAULT_INTERVAL_MS;
  return { intervalMs, lastAt: lastCheckin, nextAt: nextCheckin, online, bootId };
}

function named(sensor: Sensor): string {
  return `${sensor.computerName} (sensor ${sensor.id})`;
}

function described(sensor: Sensor): string {
  const seen =
    sensor.lastCheckin === null
      ? 'never seen'
      : `last check-in ${new Date(sensor.lastCheckin).toISOString()}`;
  return `${named(sensor)}, ${sensor.status}, ${sensor.ip ?? 'no address'}, ${seen}`;
}
