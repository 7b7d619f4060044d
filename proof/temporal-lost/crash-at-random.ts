import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { seeded } from '../../bench/measure/seeded.js';
import type { Host } from '../../test/chaos/fleet.js';
import type { Attack, Attacked, AttackOptions } from './attack.js';
import { judgeEnd } from './ended.js';
import { startRun, type House } from './house.js';
import { GONE_MS, withTemporal, type MortalTemporal } from './mortal-temporal.js';

/** A moment is drawn from so long after the start, ms: about what a containment takes here, so that the last steps are struck too. */
const RUN_MS = 4_000;
const HOSTS_A_CRASH = 3;
/** Crashes for each that was asked for, at most: a run that ended before its crash is made up for by another. */
const MOST_DRAWS = 2;

export const crashAtRandom: Attack = {
  name: 'crash-at-random',
  attack: 'Temporal killed at drawn moments of runs in progress',
  promise: 'right verdict, every effect once, no session left',
  run: (o) =>
    withTemporal(HOSTS_A_CRASH * MOST_DRAWS * o.crashes, (house, temporal, hosts) =>
      atRandom(o, house, temporal, hosts),
    ),
};

/** Crashes until as many runs were struck as were asked for, or the hosts are used up. */
async function atRandom(
  o: AttackOptions,
  house: House,
  temporal: MortalTemporal,
  hosts: readonly Host[],
): Promise<Attacked[]> {
  const draw = seeded(o.seed);
  const ends: Attacked[] = [];
  const struck = (): number => ends.filter(({ spared }) => spared !== true).length;
  for (let n = 1; n <= MOST_DRAWS * o.crashes && struck() < HOSTS_A_CRASH * o.crashes; n += 1) {
    const own = hosts.slice((n - 1) * HOSTS_A_CRASH, n * HOSTS_A_CRASH);
    const [afterMs, goneMs] = [Math.round(draw() * RUN_MS), Math.round(draw() * GONE_MS)];
    ends.push(...(await crashOnce(house, temporal, own, { n, afterMs, goneMs })));
  }
  return ends;
}

/** @param o the how manieth crash it is; from the start of the runs to the crash, and how long Temporal stays away, both ms */
async function crashOnce(
  house: House,
  temporal: MortalTemporal,
  hosts: readonly Host[],
  o: { n: number; afterMs: number; goneMs: number },
): Promise<Attacked[]> {
  const before = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection: before });
  const runs = await Promise.all(hosts.map(async (host) => ({ host, run: await startRun(client, host) })));
  await sleep(o.afterMs);
  const since = Date.now();
  await temporal.crash(o.goneMs);
  await before.close();
  const after = await Connection.connect({ address: temporal.address });
  const again = new Client({ connection: after });
  const moment = `crash ${o.n}, ${o.afterMs} ms after the start`;
  const ends = await Promise.all(
    runs.map(({ host, run }) =>
      judgeEnd(house.simulator, host, again.workflow.getHandle(run.workflowId), {
        moment,
        since,
        verdicts: ['contained'],
      }),
    ),
  );
  await after.close();
  return ends;
}
