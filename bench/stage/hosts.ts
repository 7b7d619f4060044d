import type { Scenario } from '../../simulator/index.js';

export interface Host {
  hostname: string;
  /** Where in the interval it checks in, 0 to 1, counted from the simulator's start. */
  checkinPhase: number;
}

export const EVIL = 'vnc.exe';

/**
 * Windows hosts with two instances of an evil `vnc.exe` each, as in the demo. Every host has a binary of its own, for a
 * ban of a shared one would kill the processes of hosts that are still to be measured.
 */
export function scenarioOf(hosts: readonly Host[]): Scenario {
  return {
    name: 'bench',
    sensors: hosts.map(({ hostname, checkinPhase }, n) => ({
      id: n + 1,
      hostname,
      checkinPhase,
      processes: [2212, 3048].map((pid) => ({
        path: `c:\\program files\\evil sticky notes\\${EVIL}`,
        pid,
        binary: `evil of ${hostname}`,
        startedAgo: 5_400,
      })),
    })),
  };
}
