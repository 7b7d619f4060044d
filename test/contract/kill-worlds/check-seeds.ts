import { checkRequest, type ContainRequest } from '../../../contract/index.js';
import { syntheticFile, type LedgerEntry, type ProcessState } from '../../../simulator/index.js';
import { type KillBench, openKillBench } from '../../workflows/support/kill-bench.js';
import { scenario } from '../../workflows/support/hosts.js';
import { HEIR, hostOf, requestOf, worldOf, type World } from './world.js';

/** Hosts of one simulator: what it does at each request grows with them. */
const BATCH = 20;
/** The system's own, and the sensor's wherever it lies: said here once more, on purpose not by the code that is tested. */
const UNTOUCHABLE =
  /^c:\\windows\\system32\\(svchost|lsass|smss|csrss|wininit|winlogon|services|ntoskrnl)\.exe$|\\cb\.exe$/i;

const md5Of = (binary: string): string => syntheticFile(binary).md5.toUpperCase();

/** Whether a request means this process, by the plainest reading there is. */
function isMeant(request: ContainRequest, p: Pick<LedgerEntry, 'path' | 'md5' | 'guid'>): boolean {
  const path = (p.path ?? '').toLowerCase();
  const { processName, processPath, processMd5, processGuid } = request;
  return (
    (processName === undefined || path.split('\\').at(-1) === processName.toLowerCase()) &&
    (processPath === undefined || path === processPath.toLowerCase()) &&
    (processMd5 === undefined || p.md5?.toUpperCase() === processMd5) &&
    (processGuid === undefined || p.guid === processGuid)
  );
}

/** Runs one world on its host; what is wrong, in words, or `null`; `undefined` where no request can say it. */
async function faultOf(
  bench: KillBench,
  sensorId: number,
  world: World,
  running: readonly ProcessState[],
): Promise<{ fault: string | null; kills: number } | undefined> {
  const own = world.processes.map((spec) => running.find((p) => p.pid === spec.pid)?.guid ?? '');
  const request = requestOf(world, sensorId, { md5Of, guids: own });
  if (!checkRequest(request).ok) return undefined;
  const { respawn, respawnRounds } = world;
  const result = await bench.kill(request, { respawn, respawnRounds });
  const touched = (await bench.simulator.ledger()).filter(
    (e) => e.sensorId === sensorId && /^kill/.test(e.effect),
  );
  const kills = touched.filter((e) => e.effect === 'killed').length;
  for (const e of touched) {
    const what = `${e.effect} pid ${e.pid} ${e.path}`;
    if (e.path !== undefined && !isMeant(request, e)) return { fault: `${what} is not meant`, kills };
    if (UNTOUCHABLE.test(e.path ?? '')) return { fault: `${what} is untouchable`, kills };
    if (e.path === HEIR) return { fault: `${what} has only inherited the pid`, kills };
  }
  const before = new Set(running.map((p) => p.guid));
  const anew = touched.find((e) => e.guid !== undefined && !before.has(e.guid));
  if (respawn === 'report' && anew !== undefined)
    return { fault: `pid ${anew.pid} came back and was killed`, kills };
  if (result.end !== 'done') return { fault: `ended ${result.end}: ${result.problem?.message}`, kills };
  const mortal = world.processes.filter((p) => p.kill === undefined || p.kill === 'ends');
  for (const spec of mortal) {
    const was = running.find((p) => p.pid === spec.pid);
    if (was === undefined || !isMeant(request, was) || UNTOUCHABLE.test(was.path)) continue;
    if (!touched.some((e) => e.effect === 'killed' && e.guid === was.guid))
      return { fault: `pid ${was.pid} ${was.path} is meant and lives`, kills };
  }
  return { fault: null, kills };
}

export interface KillWorlds {
  /** Seeds whose world some request can mean. */
  ran: number;
  kills: number;
  faults: { seed: number; what: string }[];
}

/** Runs the world of each seed on a host of its own. */
export async function checkKillSeeds(seeds: readonly number[]): Promise<KillWorlds> {
  const faults: KillWorlds['faults'] = [];
  let [ran, kills] = [0, 0];
  for (let first = 0; first < seeds.length; first += BATCH) {
    const batch = seeds.slice(first, first + BATCH).map((seed) => ({ seed, world: worldOf(seed) }));
    const bench = await openKillBench(
      scenario(batch.map(({ seed, world }, i) => hostOf(seed, i + 1, world))),
    );
    try {
      const { sensors } = await bench.simulator.state();
      for (const [i, { seed, world }] of batch.entries()) {
        const running = sensors.find((s) => s.id === i + 1)?.processes ?? [];
        const came = await faultOf(bench, i + 1, world, running).catch((err: unknown) => ({
          ...{ fault: String(err), kills: 0 },
        }));
        if (came === undefined) continue;
        [ran, kills] = [ran + 1, kills + came.kills];
        if (came.fault !== null) faults.push({ seed, what: `${came.fault}\n  ${JSON.stringify(world)}` });
      }
    } finally {
      await bench.close();
    }
  }
  return { ran, kills, faults };
}
