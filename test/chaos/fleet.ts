import { syntheticFile, type Scenario } from '../../simulator/index.js';

/** One host of the fleet, with two instances of a binary that no other host has. */
export interface Host {
  hostname: string;
  sensorId: number;
  /** Of the two instances of `evil.exe`, in the order they are listed. */
  pids: [number, number];
  /** Upper case. */
  md5: string;
}

export function fleet(size: number): { hosts: Host[]; scenario: Scenario } {
  const hosts = Array.from({ length: size }, (_, i): Host => {
    const hostname = `HOST-${String(i + 1).padStart(2, '0')}`;
    return {
      hostname,
      sensorId: 101 + i,
      pids: [20_002 + 10 * i, 20_004 + 10 * i],
      md5: syntheticFile(binaryOf(hostname)).md5.toUpperCase(),
    };
  });
  return { hosts, scenario: { name: 'fleet', sensors: hosts.map(sensorOf) } };
}

function binaryOf(hostname: string): string {
  return `evil-${hostname}`;
}

function sensorOf({ hostname, sensorId, pids }: Host): Scenario['sensors'][number] {
  return {
    id: sensorId,
    hostname,
    processes: pids.map((pid) => ({
      path: 'c:\\users\\public\\evil.exe',
      pid,
      parent: 1884,
      binary: binaryOf(hostname),
    })),
  };
}
