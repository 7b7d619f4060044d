import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { seeded } from '../../bench/measure/seeded.js';
import {
  leaseId,
  QUERIES,
  UPDATES,
  type ContainmentStatus,
  type LeaseState,
  type Verdict,
} from '../../contract/index.js';
import { startDevServer, type DevServer } from '../../testing/index.js';
import { count, effectsOn } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { emptyFolder } from '../../test/support/folders.js';
import { waitFor } from '../../test/support/wait-for.js';
import type { Attack, Attacked, AttackOptions } from './attack.js';
import { judgeEnd } from './ended.js';
import { openHouse, startRun, type House } from './house.js';
import { inTime } from './in-time.js';
import { MOMENTS, standAtEach } from './moments.js';

/** How long Temporal stays away after a crash, ms. */
const GONE_MS = 2_000;
/** It is killed once more so long after it is back, in the midst of what it has to catch up with. */
const AGAIN_AFTER_MS = 700;
/** Longest a containment takes here, so that a drawn moment lies within it, ms. */
const RUN_MS = 4_000;
const HOSTS_A_CRASH = 3;

const PROMISE = 'right verdict, every effect once, no session left';

export const crashAtMoments: Attack = {
  name: 'crash-at-moments',
  attack:
    'Temporal killed (SIGKILL) at moments of runs, started again on its file, and killed again while it catches up',
  promise: PROMISE,
  run: (o) =>
    withTemporal(MOMENTS.length + 3, (house, temporal, hosts) => atMoments(o, house, temporal, hosts)),
};

export const crashAtRandom: Attack = {
  name: 'crash-at-random',
  attack: 'Temporal killed at drawn moments of runs in progress',
  promise: PROMISE,
  run: (o) =>
    withTemporal(HOSTS_A_CRASH * o.crashes, (house, temporal, hosts) => atRandom(o, house, temporal, hosts)),
};

/** A Temporal server that keeps everything in a file, and can die of SIGKILL and come back at its old address. */
class MortalTemporal {
  private constructor(
    private server: DevServer,
    private readonly dbFilename: string,
  ) {}

  static async start(): Promise<MortalTemporal> {
    const dbFilename = join(emptyFolder(), 'temporal.db');
    return new MortalTemporal(await startDevServer({ dbFilename }), dbFilename);
  }

  get address(): string {
    return this.server.address;
  }

  async crash(goneMs: number): Promise<void> {
    await this.server.kill();
    await sleep(goneMs);
    const { port } = this.server;
    this.server = await startDevServer({ dbFilename: this.dbFilename, port, patienceMs: 60_000 });
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

async function withTemporal(
  size: number,
  attack: (house: House, temporal: MortalTemporal, hosts: readonly Host[]) => Promise<Attacked[]>,
): Promise<Attacked[]> {
  const { hosts, scenario } = fleet(size);
  const temporal = await MortalTemporal.start();
  try {
    const house = await openHouse({ temporalAddress: temporal.address, scenario });
    try {
      const worker = await house.worker();
      const ends = await attack(house, temporal, hosts);
      if (!worker.isRunning) ends[0]?.wrong.push(`The worker ended: ${worker.stderr.slice(-500)}`);
      return ends;
    } finally {
      await house.close();
    }
  } finally {
    await temporal.stop();
  }
}

async function atMoments(
  _: AttackOptions,
  house: House,
  temporal: MortalTemporal,
  hosts: readonly Host[],
): Promise<Attacked[]> {
  const [leased, asked, held, ...others] = hosts as [Host, Host, Host, ...Host[]];
  const waiting = await house.contain(asked, { approval: 'before-kill' });
  await untilItAsks(waiting);
  const staying = await house.contain(held);
  await inTime('a first containment', staying.result());
  const standing = await standAtEach(house, MOMENTS, others);
  // Last, so that its end is still to come.
  const ending = await house.contain(leased, { lease: '4s' });
  await inTime('the containment with a lease', ending.result());

  const since = Date.now();
  const crash = temporal.crash(GONE_MS);
  for (const { goOn } of standing) goOn();
  await crash;
  await sleep(AGAIN_AFTER_MS);
  await temporal.crash(GONE_MS);

  const connection = await Connection.connect({ address: temporal.address });
  house.atTheEnd(() => connection.close());
  const client = new Client({ connection });
  const again = (run: WorkflowHandle): WorkflowHandle => client.workflow.getHandle(run.workflowId);
  const end = (host: Host, run: WorkflowHandle, moment: string, verdict: Verdict) =>
    judgeEnd(house.simulator, host, again(run), { moment, since, verdicts: [verdict] });
  return await Promise.all([
    ...standing.map(({ moment, host, run }) => end(host, run, moment.name, moment.verdict)),
    (async () => {
      await approve(again(waiting));
      return await end(asked, waiting, 'waiting for approval', 'contained');
    })(),
    leaseEnds(house, client, leased, since),
    leaseStays(house, client, held, since),
  ]);
}

async function untilItAsks(run: WorkflowHandle): Promise<string> {
  return await waitFor(
    'a plan to approve',
    async () => (await run.query<ContainmentStatus>(QUERIES.status)).approval?.plan.digest,
    { timeoutMs: 60_000, everyMs: 100 },
  );
}

async function approve(run: WorkflowHandle): Promise<void> {
  const digest = await untilItAsks(run);
  await inTime('the approval', run.executeUpdate(UPDATES.approve, { args: [{ digest, who: 'ben' }] }));
}

/** A lease whose end came while Temporal was away: released once, by itself. */
async function leaseEnds(house: House, client: Client, host: Host, since: number): Promise<Attacked> {
  const wrong: string[] = [];
  const lease = client.workflow.getHandle(leaseId(host.sensorId));
  await waitFor(
    'the release',
    async () => (await lease.query<LeaseState>(QUERIES.holds)).wish === 'released',
    { timeoutMs: 120_000, everyMs: 200 },
  ).catch((error: Error) => wrong.push(error.message));
  const ledger = await effectsOn(house.simulator, host);
  for (const effect of ['wish-set', 'isolated', 'wish-cleared', 'released'] as const) {
    if (count(ledger, effect) !== 1) wrong.push(`${effect} ${count(ledger, effect)} times.`);
  }
  if ((ledger.find(({ effect }) => effect === 'wish-cleared')?.at ?? 0) < since)
    wrong.push('It was released before the crash: nothing was shown.');
  const sensor = (await house.simulator.state()).sensors.find(({ id }) => id === host.sensorId);
  if (sensor?.wish || sensor?.fact) wrong.push('The lease has ended, and the host is isolated still.');
  return {
    moment: 'a lease with an end is held',
    verdict: 'released',
    endedAfterMs: Date.now() - since,
    wrong,
    notes: [],
  };
}

/** A lease without an end: still held, and still answering. */
async function leaseStays(house: House, client: Client, host: Host, since: number): Promise<Attacked> {
  const wrong: string[] = [];
  const state = await client.workflow.getHandle(leaseId(host.sensorId)).query<LeaseState>(QUERIES.holds);
  if (state.wish !== 'placed' || state.holds.length !== 1)
    wrong.push(`The lease says ${state.wish} with ${state.holds.length} holds.`);
  const sensor = (await house.simulator.state()).sensors.find(({ id }) => id === host.sensorId);
  if (!sensor?.wish || !sensor.fact) wrong.push('The lease is held, and the host is not isolated.');
  return {
    moment: 'a lease without an end is held',
    verdict: 'held',
    endedAfterMs: Date.now() - since,
    wrong,
    notes: [],
  };
}

async function atRandom(
  o: AttackOptions,
  house: House,
  temporal: MortalTemporal,
  hosts: readonly Host[],
): Promise<Attacked[]> {
  const draw = seeded(o.seed);
  const ends: Attacked[] = [];
  for (let n = 0; n < o.crashes; n += 1) {
    const connection = await Connection.connect({ address: temporal.address });
    const client = new Client({ connection });
    const struck = hosts.slice(n * HOSTS_A_CRASH, (n + 1) * HOSTS_A_CRASH);
    const afterMs = Math.round(draw() * RUN_MS);
    const runs = await Promise.all(struck.map((host) => startRun(client, host)));
    await sleep(afterMs);
    const since = Date.now();
    await temporal.crash(Math.round(draw() * GONE_MS));
    await connection.close();
    const after = await Connection.connect({ address: temporal.address });
    const again = new Client({ connection: after });
    ends.push(
      ...(await Promise.all(
        struck.map((host, i) =>
          judgeEnd(house.simulator, host, again.workflow.getHandle(runs[i]?.workflowId ?? ''), {
            moment: `crash ${n + 1}, ${afterMs} ms after the start`,
            since,
            verdicts: ['contained'],
          }),
        ),
      )),
    );
    await after.close();
  }
  return ends;
}
