/** When a sensor checks in: at phaseAt + k × interval, if reachable, whoever asks. */
import { repeatable } from '../ids.js';
import type { Sensor } from './model.js';
import type { World } from './world.js';

function slot(world: World, sensor: Sensor, k: number): number {
  const at = sensor.phaseAt + k * world.intervalMs;
  if (world.knobs.checkins !== 'jitter') return at;
  const share = (repeatable('jitter', sensor.id, k) / 0xffffffff - 0.5) * 0.2;
  return Math.round(at + share * world.intervalMs);
}

/** The first check-in later than `after`. */
export function nextOnGrid(world: World, sensor: Sensor, after: number): number {
  let k = Math.floor((after - sensor.phaseAt) / world.intervalMs) - 1;
  while (slot(world, sensor, k) <= after) k++;
  return slot(world, sensor, k);
}

function lastOnGrid(world: World, sensor: Sensor, upTo: number): number {
  let k = Math.floor((upTo - sensor.phaseAt) / world.intervalMs) + 1;
  while (slot(world, sensor, k) > upTo) k--;
  return slot(world, sensor, k);
}

/** The last check-in up to now, or null if there was none. */
export function lastCheckin(world: World, sensor: Sensor): number | null {
  if (!sensor.online) return sensor.lastSeen;
  const last = lastOnGrid(world, sensor, world.now);
  return last >= sensor.onlineSince ? last : sensor.lastSeen;
}

/** The check-in the server expects next, judging by the last one. */
export function expectedCheckin(world: World, sensor: Sensor): number | null {
  const last = lastCheckin(world, sensor);
  return last === null ? null : nextOnGrid(world, sensor, last);
}

/** Online until five minutes after a check-in that was expected and did not come (API reference 3.5). */
export function sensorStatus(world: World, sensor: Sensor): string {
  const expected = expectedCheckin(world, sensor);
  if (expected !== null && world.now <= expected + 300_000) return 'Online';
  return sensor.wish !== sensor.reported && sensor.wish ? 'Offline (Isolate configured)' : 'Offline';
}
