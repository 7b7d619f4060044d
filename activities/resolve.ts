import type { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Sensor } from '../cb-response/index.js';
import {
  type Checkin,
  type ContainActivities,
  type ResolveResult,
  SEARCH_ATTRIBUTES,
} from '../contract/index.js';
import type { Deps } from './deps.js';
import { failure } from './failure.js';

/** While fewer than 25 sensors are active a server asks them to check in every 30 s (API reference 3.6). */
const DEFAULT_INTERVAL_MS = 30_000;
const LONGEST_INTERVAL_MS = 1_335_000;

/** Step 1: exactly one live sensor, frozen as server, sensor id and registration (hazard H1). */
export async function resolve(
  deps: Deps,
  context: Context,
  input: Parameters<ContainActivities['resolve']>[0],
): Promise<ResolveResult> {
  const { hostname, sensorId } = input;
  const signal = context.cancellationSignal;
  const searchAttributes = knownSearchAttributes(context.client, context.info.namespace);
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
  const at = await deps.clock.now();
  const { sensor } = match;
  return {
    target: targetOf(sensor, deps.cb.serverName),
    checkin: checkinOf(sensor),
    wish: sensor.wish,
    fact: sensor.fact,
    supportsIsolation: sensor.supportsIsolation,
    supportsLiveResponse: sensor.supportsLiveResponse,
    searchAttributes: await searchAttributes,
    at,
  };
}

function targetOf(sensor: Sensor, server: string): ResolveResult['target'] {
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
  const { lastCheckin, nextCheckin, online } = sensor;
  const expected = lastCheckin === null || nextCheckin === null ? 0 : nextCheckin - lastCheckin;
  const intervalMs = expected > 0 ? Math.min(expected, LONGEST_INTERVAL_MS) : DEFAULT_INTERVAL_MS;
  return { intervalMs, lastAt: lastCheckin, nextAt: nextCheckin, online };
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

/** Which of our search attributes the namespace has; none where it does not say. */
async function knownSearchAttributes(client: Client, namespace: string): Promise<string[]> {
  try {
    const answer = await client.connection.operatorService.listSearchAttributes({ namespace });
    const known = answer.customAttributes ?? {};
    return Object.values(SEARCH_ATTRIBUTES).filter((name) => name in known);
  } catch {
    return [];
  }
}
