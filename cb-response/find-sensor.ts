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
 * Stops at the first spelling that finds one live Windows sensor. Any other find is looked for in every spelling: a
 * machine set up anew with another system may be registered in another case, and its old registration is found first.
 */
async function searchByName(
  lookup: SensorLookup,
  hostname: string,
  o: CallOptions,
): Promise<{ exact: Sensor[]; seen: Sensor[] }> {
  const seen = new Map<number, Sensor>();
  let exact: Sensor[] = [];
  for (const query of hostnameQueries(hostname)) {
    for (const sensor of await lookup.search({ hostname: query }, o)) seen.set(sensor.id, sensor);
    exact = [...seen.values()].filter((sensor) => isNamed(sensor, hostname));
    const [only] = exact;
    if (exact.length === 1 && only?.online === true && only.osType === 'windows' && !only.uninstalled) break;
  }
  return { exact, seen: [...seen.values()] };
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
