import type { Machine } from './measure/machine.js';
import type { GuardRails } from './parts/guard-rails.js';
import type { LastKill } from './parts/last-kill.js';
import type { Leases } from './parts/leases.js';
import type { Overhead } from './parts/overhead.js';
import type { Requests } from './parts/requests.js';
import type { StartUp } from './parts/start-up.js';

/** What one run of the benchmarks writes; a part that was not asked for is missing. */
export interface Results {
  schema: 'cb-response-playbook/bench/v1';
  /** ISO 8601, at the start. */
  at: string;
  tookSeconds: number;
  machine: Machine;
  seed: number;
  lastKill?: LastKill[];
  requests?: Requests;
  overhead?: Overhead;
  startUp?: StartUp;
  guardRails?: GuardRails;
  leases?: Leases;
}

export interface Target {
  what: string;
  unit: 'ms' | 'ratio' | 'requests' | 'kb' | 'events' | 'leases';
  value: number;
  /** At most so much; below it where `strictly`. */
  limit: number;
  strictly: boolean;
  met: boolean;
}

/** The promises that the results can be held to. */
export function targetsOf(results: Results): Target[] {
  const targets: Target[] = [];
  const hold = (
    what: string,
    unit: Target['unit'],
    value: number,
    limit: number,
    strictly = unit === 'ms',
  ): void => {
    targets.push({ what, unit, value, limit, strictly, met: strictly ? value < limit : value <= limit });
  };
  for (const { checkinSeconds: s, ratioOfMedians, byLimit } of results.lastKill ?? []) {
    hold(`command to last kill by the script's, check-in ${s} s, medians`, 'ratio', ratioOfMedians, 1);
    hold(`wish to last kill by the limit, check-in ${s} s, median`, 'ratio', byLimit.playbook.median, 1.15);
  }
  const { requests, overhead, startUp, guardRails, leases } = results;
  if (requests)
    hold('requests of a containment, a repeated GET once', 'requests', Math.max(...requests.byRule), 16);
  if (overhead) hold('engine overhead, p95', 'ms', overhead.overhead.p95, 500);
  if (guardRails) {
    const { processes, matching, plan } = guardRails;
    hold(
      `plan of a host with ${processes} processes, ${matching} matching, beyond the check-in, p95`,
      'ms',
      plan.p95,
      2_000,
    );
  }
  if (startUp) {
    hold('worker start to polling, median', 'ms', startUp.workerPolling.median, 1_000);
    hold('`cb-playbook --help`, median', 'ms', startUp.help.median, 200);
    hold('`cb-playbook contain` to the wish, median', 'ms', startUp.commandToWish.median, 1_000);
  }
  if (leases) {
    const { memory, day, expiry } = leases;
    hold('live heap of a cached lease', 'kb', memory.liveKbALease, 50, true);
    hold('events of a lease a day', 'events', day.eventsADay, 300, true);
    hold(
      'leases whose end was missed, came early or twice',
      'leases',
      expiry.missed + expiry.early + expiry.twice,
      0,
    );
  }
  return targets;
}
