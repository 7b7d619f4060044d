import { syntheticFile, type Scenario } from '../../../simulator/index.js';

type SensorSpec = Scenario['sensors'][number];
type ProcessSpec = NonNullable<SensorSpec['processes']>[number];

export const EVIL_PATH = 'c:\\programdata\\evil.exe';

/** Host name of the nth host of {@link fleet}; n from 1, which is also its sensor id. */
export function hostName(n: number): string {
  return `HOST-${n}`;
}

/** MD5, as receipts write it, of the binary that only this host runs. */
export function evilMd5(n: number): string {
  return md5Of(`evil-${n}`);
}

export function md5Of(binary: string): string {
  return syntheticFile(binary).md5.toUpperCase();
}

/** One instance of the nth host's own evil.exe. */
export function evil(n: number, more: Partial<ProcessSpec> = {}): ProcessSpec {
  return { path: EVIL_PATH, pid: 2400, parent: 1884, binary: `evil-${n}`, ...more };
}

/** A host with what runs on it besides the ordinary; by default one evil.exe. */
export function host(n: number, more: Partial<SensorSpec> = {}): SensorSpec {
  return { id: n, hostname: hostName(n), processes: [evil(n)], ...more };
}

/** So many hosts alike, each running a binary of its own, so that a ban of one test is none of another's. */
export function fleet(count: number, more: (n: number) => Partial<SensorSpec> = () => ({})): Scenario {
  return scenario(Array.from({ length: count }, (_, i) => host(i + 1, more(i + 1))));
}

export function scenario(sensors: SensorSpec[], more: Partial<Scenario> = {}): Scenario {
  return { name: 'made for a test', sensors, ...more };
}
