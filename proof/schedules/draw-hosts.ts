import { syntheticFile } from '../../simulator/index.js';
import type { Random } from './random.js';
import type { HostPlan, ProcessSpec, Stage } from './schedule.js';

/** What is hunted on each system, and what only looks like it. */
export const HUNTED = {
  windows: {
    name: 'evil.exe',
    path: 'c:\\users\\public\\evil.exe',
    otherPath: 'c:\\programdata\\evil.exe',
    alike: ['evil.exe.bak', 'notevil.exe', 'evil.ex', 'evil.exe_', 'evil .exe'].map((n) => `c:\\temp\\${n}`),
  },
  linux: {
    name: 'evil',
    path: '/tmp/evil',
    otherPath: '/opt/x/evil (deleted)',
    alike: ['/tmp/Evil', '/tmp/evil.sh', '/opt/evil/run', '/tmp/xevil'],
  },
  macos: {
    name: 'Evil',
    path: '/Applications/Evil.app/Contents/MacOS/Evil',
    otherPath: '/private/tmp/Evil',
    alike: ['/private/tmp/evil', '/private/tmp/Evil2', '/private/tmp/Evil/helper'],
  },
} as const;

export function md5Of(binary: string): string {
  return syntheticFile(binary).md5.toLowerCase();
}

/** @param first sensor id and place of the first host, so that several schedules fit into one world */
export function drawHosts(random: Random, seed: number, stage: Stage, first: number): HostPlan[] {
  const count = random.one([1, 1, 1, 2, 2, 3]);
  return Array.from({ length: count }, (_, i) => {
    const os = random.weighted({ windows: 75, linux: 15, macos: 10 });
    return {
      hostname: `S${seed}-${'ABC'[i]}`,
      sensorId: first + i,
      os,
      processes: drawProcesses(random, seed, i, os, stage),
      isolatedBefore: random.percent(10),
      offline: stage === 'skipped' && random.percent(12),
    };
  });
}

function drawProcesses(
  random: Random,
  seed: number,
  host: number,
  os: HostPlan['os'],
  stage: Stage,
): ProcessSpec[] {
  const { path, otherPath, alike } = HUNTED[os];
  const instances = random.one([0, 1, 1, 1, 2, 2, 3]);
  // One path is one file, on this host.
  const binaries = [path, otherPath].map((_, i) =>
    random.percent(50) ? `evil-${seed}` : `evil-${seed}-${host}-${i}`,
  );
  const processes: ProcessSpec[] = Array.from({ length: instances }, (_, i) => {
    const which = random.percent(75) ? 0 : 1;
    return {
      path: which === 0 ? path : otherPath,
      pid: 30_000 + 4 * (10 * host + i),
      parent: os === 'windows' ? 1884 : 1,
      binary: binaries[which],
      startedAgo: random.size(2, 86_400),
      ...nature(random, stage),
    };
  });
  for (const [i, look] of alike.entries()) {
    if (!random.percent(40)) continue;
    processes.push({
      path: look,
      pid: 31_000 + 4 * (10 * host + i),
      parent: os === 'windows' ? 1884 : 1,
      // Once in a while it is the very same file under another name.
      binary: random.percent(15) ? `evil-${seed}` : `alike-${seed}-${host}-${i}`,
    });
  }
  return processes;
}

function nature(random: Random, stage: Stage): Partial<ProcessSpec> {
  const kind = random.weighted({
    plain: 50,
    respawns: 22,
    denied: 7,
    ignored: 7,
    lingers: 6,
    reused: 4,
    ended: 4,
  });
  const indexed = random.weighted({ usual: 70, never: 10, late: 20 });
  const late = stage === 'crash' ? random.int(2, 8) : random.int(60, 1_500);
  const index = indexed === 'usual' ? {} : { indexedAfter: indexed === 'never' ? null : late };
  switch (kind) {
    case 'respawns':
      return {
        ...index,
        respawn: {
          afterMs: random.size(50, 900),
          times: random.one([1, 2, 3, 'forever' as const]),
          samePid: random.percent(20),
        },
      };
    case 'denied':
    case 'ignored':
      return { ...index, kill: kind };
    case 'lingers':
      return { ...index, killDelayMs: random.size(100, 2_500) };
    case 'reused':
      return { ...index, pidReusedBy: { afterMs: random.size(10, 500), path: 'c:\\temp\\harmless.exe' } };
    case 'ended':
      return { ...index, endedAgo: 1 };
    default:
      return index;
  }
}
