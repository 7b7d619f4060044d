import { editDistance } from './nearest-names.js';
import type { Sensor } from './types.js';

/** Windows cuts a computer name at 15 characters, the NetBIOS limit (API reference 3.1). */
const NETBIOS = 15;

export function normalHostname(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}

export function shortHostname(name: string): string {
  return normalHostname(name).split('.')[0] ?? '';
}

/**
 * Whether the sensor's name is exactly this one, any case. A fully qualified name must be the sensor's own in full; a
 * short one is compared with the computer name and with the first label of the DNS name, so that a name longer than 15
 * characters is found by its DNS name and never by a cut one alone.
 */
export function isNamed(sensor: Sensor, hostname: string): boolean {
  const wanted = normalHostname(hostname);
  const computer = normalHostname(sensor.computerName);
  const dns = normalHostname(sensor.dnsName);
  if (wanted === '') return false;
  if (wanted === computer || wanted === dns) return true;
  return !wanted.includes('.') && wanted === shortHostname(dns);
}

/**
 * Values for the server's substring filter, in the order to try. The filter looks at the computer name, by some accounts
 * case-sensitively: upper case is how Windows registers, so it comes first.
 */
export function hostnameQueries(hostname: string): string[] {
  const asGiven = (hostname.trim().split('.')[0] ?? '').slice(0, NETBIOS);
  return [...new Set([asGiven.toUpperCase(), asGiven, asGiven.toLowerCase()])].filter(
    (query) => query !== '',
  );
}

/** At most five sensors with the names nearest to this one, nearest first. */
export function nearestByName(sensors: readonly Sensor[], hostname: string): Sensor[] {
  const wanted = shortHostname(hostname);
  return [...new Map(sensors.map((sensor) => [sensor.id, sensor])).values()]
    .map((sensor) => ({ sensor, distance: distanceTo(sensor, wanted) }))
    .sort((a, b) => a.distance - b.distance || a.sensor.id - b.sensor.id)
    .slice(0, 5)
    .map(({ sensor }) => sensor);
}

function distanceTo(sensor: Sensor, wanted: string): number {
  return Math.min(
    editDistance(shortHostname(sensor.computerName), wanted),
    editDistance(shortHostname(sensor.dnsName), wanted),
  );
}
