import { hostnameOf } from '../../bench/measure/schedule.js';
import { seeded } from '../../bench/measure/seeded.js';
import type { Host } from '../../bench/stage/hosts.js';

export const CHECKIN_S = 5;
/** Live Response sessions of a server (API reference 4.1). */
export const SERVER_SLOTS = 10;
/** Of these the playbook leaves two to analysts: it opens none while eight stand. */
export const OUR_SLOTS = 8;

/** Hosts that check in evenly over the interval, in an order that the seed decides. */
export function fleetOf(n: number, seed: number): Host[] {
  const random = seeded(seed);
  const phases = Array.from({ length: n }, (_, i) => i / n);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [phases[i], phases[j]] = [phases[j]!, phases[i]!];
  }
  return phases.map((checkinPhase, i) => ({ hostname: hostnameOf('load', i), checkinPhase }));
}
