import type { Sensor } from '../cb-response/index.js';

/** Whether the sensor has said nothing since that check-in: what it reported by then is older than what was asked of it. */
export function isStale(
  sensor: Pick<Sensor, 'lastCheckin'>,
  staleCheckin: number | null | undefined,
): boolean {
  if (staleCheckin == null) return false;
  return sensor.lastCheckin === null || sensor.lastCheckin <= staleCheckin;
}

/** Isolated or not, by the sensor's own word; `null` where "isolated" is older than the wish (API reference 3.6, hazard H11). */
export function factOf(
  sensor: Pick<Sensor, 'lastCheckin'> & { fact: boolean | null },
  staleCheckin: number | null | undefined,
): boolean | null {
  return sensor.fact && isStale(sensor, staleCheckin) ? null : sensor.fact;
}
