import { normalHostname, shortHostname } from './host-name.js';
import { parseServerTime } from './times.js';
import type { Sensor } from './types.js';

const CLEARLY_NEWER_MS = 24 * 60 * 60 * 1000;

/**
 * Of several sensors with one name, the only one that is alive: after a reinstall a machine has a dead registration beside
 * the live one (API reference 3.1). Null when that is not certain: two machines may well bear one name.
 */
export function theLiveOne(sensors: readonly Sensor[]): Sensor | null {
  const installed = sensors.filter((sensor) => !sensor.uninstalled);
  const [first] = installed;
  if (first === undefined) return null;
  if (installed.length === 1) return first;
  const survivors = installed.filter((candidate) =>
    installed.every(
      (other) => other === candidate || (mayBeOneMachine(candidate, other) && supersedes(candidate, other)),
    ),
  );
  return survivors.length === 1 ? (survivors[0] ?? null) : null;
}

/** Same computer name, and no DNS names that contradict each other. */
function mayBeOneMachine(a: Sensor, b: Sensor): boolean {
  const [dnsA, dnsB] = [normalHostname(a.dnsName), normalHostname(b.dnsName)];
  if (dnsA === dnsB || dnsA === '' || dnsB === '') return true;
  const bothQualified = dnsA.includes('.') && dnsB.includes('.');
  return !bothQualified && shortHostname(dnsA) === shortHostname(dnsB);
}

function supersedes(live: Sensor, dead: Sensor): boolean {
  if (live.lastCheckin === null) return false;
  if (dead.lastCheckin === null) return !dead.online;
  if (live.lastCheckin <= dead.lastCheckin) return false;
  const registered = parseServerTime(live.registeredAt);
  if (registered !== null && dead.lastCheckin <= registered) return true;
  if (live.online !== dead.online) return live.online;
  return !live.online && live.lastCheckin - dead.lastCheckin >= CLEARLY_NEWER_MS;
}
