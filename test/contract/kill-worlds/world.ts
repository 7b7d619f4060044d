import fc from 'fast-check';
import type { ContainRequest } from '../../../contract/index.js';
import type { Scenario } from '../../../simulator/index.js';

type SensorSpec = Scenario['sensors'][number];
type ProcessSpec = NonNullable<SensorSpec['processes']>[number];

/** Who gets a freed pid: matches no selector that is made here. */
export const HEIR = 'c:\\good\\payroll.exe';

/** Programs that may run: wanted ones, their look-alikes, and what must never be touched. */
const PATHS = [
  'c:\\temp\\evil.exe',
  'c:\\users\\public\\evil.exe',
  'c:\\temp\\Evil.EXE',
  'c:\\temp\\notevil.exe',
  'c:\\temp\\evil.exe.bak',
  'c:\\evil.exe\\reader.exe',
  'c:\\temp\\\u0435vil.exe',
  'c:\\temp\\svchost.exe',
  'c:\\windows\\system32\\svchost.exe',
  'c:\\windows\\system32\\lsass.exe',
  'c:\\windows\\carbonblack\\cb.exe',
  'c:\\temp\\cb.exe',
] as const;
const BINARIES = ['one', 'two', 'three'] as const;

/** A list without any process is one that failed. */
const OF_THE_USER: ProcessSpec = { path: 'c:\\windows\\explorer.exe', pid: 1_900 };

export interface Wanted {
  /** Which process is meant, counted from 0 and round again. */
  of: number;
  by: ('name' | 'path' | 'md5' | 'guid')[];
  otherName: string | null;
  otherPath: string | null;
}

export interface World {
  processes: ProcessSpec[];
  wanted: Wanted;
  respawn: 'kill' | 'report';
  respawnRounds: number;
}

const process: fc.Arbitrary<ProcessSpec> = fc.record(
  {
    path: fc.constantFrom(...PATHS.slice(0, 4), ...PATHS.slice(0, 4), ...PATHS),
    kill: fc.constantFrom('ends', 'ends', 'ends', 'denied', 'ignored'),
    killDelayMs: fc.constantFrom(0, 0, 300),
    respawn: fc.record({
      afterMs: fc.constantFrom(0, 200, 1_500),
      times: fc.constantFrom(1, 2, 'forever' as const),
      samePid: fc.boolean(),
    }),
    pidReusedBy: fc.record({ afterMs: fc.constantFrom(0, 1, 50, 1_100), path: fc.constant(HEIR) }),
    indexedAfter: fc.constantFrom(0, 900, null),
  },
  { requiredKeys: ['path'] },
);

/** What one process is called, all of it or a part; now and then something that contradicts it, or is nobody's. */
const wanted: fc.Arbitrary<Wanted> = fc.record({
  of: fc.nat(6),
  by: fc.subarray(['name', 'path', 'md5', 'guid'] as const, { minLength: 1 }),
  otherName: fc.option(fc.constantFrom('evil.exe', 'EVIL.exe', 'svchost.exe', 'cb.exe'), { freq: 3 }),
  otherPath: fc.option(fc.constantFrom(...PATHS), { freq: 1 }),
});

const world = fc.record({
  /** Which of the files each path is, counted on from here. */
  shift: fc.nat(2),
  processes: fc.array(process, { minLength: 1, maxLength: 7 }),
  wanted,
  respawn: fc.constantFrom('kill', 'report'),
  respawnRounds: fc.integer({ min: 1, max: 3 }),
});

export function worldOf(seed: number): World {
  const [one] = fc.sample(world, { seed, numRuns: 1 });
  const { shift, processes, ...rest } = one!;
  // Two processes of one path run the same file, and no two have one pid: a world where it is otherwise does not exist.
  const lower = [...new Set(PATHS.map((path) => path.toLowerCase()))];
  return {
    ...rest,
    processes: processes.map(({ respawn, ...p }, i) => ({
      ...p,
      pid: 2_000 + 4 * i,
      binary: BINARIES[(lower.indexOf(p.path.toLowerCase()) + shift) % BINARIES.length],
      ...(respawn === undefined
        ? {}
        : { respawn: { ...respawn, samePid: respawn.samePid && !p.pidReusedBy } }),
    })),
  };
}

export function hostOf(seed: number, id: number, { processes }: World): SensorSpec {
  return {
    id,
    hostname: `HOST-${id}`,
    ordinaryProcesses: seed % 20 === 0,
    processes: [OF_THE_USER, ...processes],
  };
}

/** The request of a world; not every one is one that is accepted. */
export function requestOf(
  { wanted: w, processes }: World,
  sensorId: number,
  of: { md5Of: (binary: string) => string; guids: readonly string[] },
): ContainRequest {
  const n = w.of % processes.length;
  const { path, binary = '' } = processes[n]!;
  const all = {
    name: { processName: w.otherName ?? path.split('\\').at(-1) },
    path: { processPath: w.otherPath ?? path },
    md5: { processMd5: of.md5Of(binary) },
    guid: { processGuid: of.guids[n] },
  };
  return Object.assign({ sensorId }, ...w.by.map((key) => all[key])) as ContainRequest;
}
