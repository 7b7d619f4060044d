import { hostnameQueries, isNamed, nearestByName } from './host-name.js';
import { theLiveOne } from './live-duplicate.js';
import type { CallOptions, Sensor, SensorMatch, SensorTarget } from './types.js';

/** What the search needs of the server; `Sensors` is it. */
export interface SensorLookup {
  search(filter: { hostname: string }, o?: CallOptions): Promise<Sensor[]>;
  get(id: number, o?: CallOptions): Promise<Sensor | null>;
  some(limit: number, o?: CallOptions): Promise<Sensor[]>;
}

/** How many sensors are looked through for similar names once nothing was found. */
const NEAREST_POOL = 1000;

/** Exactly one live sensor (hazard H1). Throws a TypeError when the target names neither host nor sensor. */
export async function findExactlyOne(
  lookup: SensorLookup,
  target: SensorTarget,
  o: CallOptions = {},
): Promise<SensorMatch> {
  const { hostname, sensorId } = target;
  if (sensorId !== undefined) return bySensorId(lookup, sensorId, hostname, o);
  if (hostname === undefined || hostname.trim() === '') {
    throw new TypeError('No target. Expected a hostname, a sensorId or both; give one.');
  }
  const { exact, seen } = await searchByName(lookup, hostname, o);
  const live = theLiveOne(exact);
  if (live !== null) return { kind: 'one', sensor: live };
  const candidates = exact.filter((sensor) => !sensor.uninstalled);
  if (candidates.length > 0) return { kind: 'several', candidates };
  return none(lookup, hostname, seen, o);
}

async function bySensorId(
  lookup: SensorLookup,
  sensorId: number,
  hostname: string | undefined,
  o: CallOptions,
): Promise<SensorMatch> {
  const sensor = await lookup.get(sensorId, o);
  if (sensor !== null && !sensor.uninstalled && (hostname === undefined || isNamed(sensor, hostname))) {
    return { kind: 'one', sensor };
  }
  if (hostname === undefined) return none(lookup, '', sensor === null ? [] : [sensor], o);
  const { exact, seen } = await searchByName(lookup, hostname, o);
  if (sensor === null && exact.length === 0) return none(lookup, hostname, seen, o);
  return { kind: 'disagree', bySensorId: sensor, byHostname: exact };
}

/**
 * Looks for every spelling at once, for the server's filter may know case: `WEB01` on Windows and `web01` on Linux are two
 * hosts, and the first find must not hide the other (hazard H1).
 */
async function searchByName(
  lookup: SensorLookup,
  hostname: string,
  o: CallOptions,
): Promise<{ exact: Sensor[]; seen: Sensor[] }> {
  const found = await Promise.all(
    hostnameQueries(hostname).map((query) => lookup.search({ hostname: query }, o)),
  );
  const seen = [...new Map(found.flat().map((sensor) => [sensor.id, sensor])).values()];
  return { exact: seen.filter((sensor) => isNamed(sensor, hostname)), seen };
}

async function none(
  lookup: SensorLookup,
  hostname: string,
  seen: readonly Sensor[],
  o: CallOptions,
): Promise<SensorMatch> {
  const pool = [...seen, ...(await lookup.some(hostname === '' ? 1 : NEAREST_POOL, o))];
  const nearest = hostname === '' ? [...seen] : nearestByName(pool, hostname);
  return { kind: 'none', visible: pool.length > 0, nearest };
}
