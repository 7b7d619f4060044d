import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import {
  leaseId,
  QUERIES,
  UPDATES,
  type ContainmentStatus,
  type LeaseState,
  type Verdict,
} from '../../contract/index.js';
import { count, effectsOn } from '../../test/chaos/effects.js';
import type { Host } from '../../test/chaos/fleet.js';
import { waitFor } from '../../test/support/wait-for.js';
import type { Attack, Attacked, AttackOptions } from './attack.js';
import { judgeEnd } from './ended.js';
import type { House } from './house.js';
import { inTime } from './in-time.js';
import { MOMENTS, standAtEach } from './moments.js';
import { GONE_MS, withTemporal, type MortalTemporal } from './mortal-temporal.js';

/** It is killed once more so long after it is back, in the midst of what it has to catch up with. */
const AGAIN_AFTER_MS = 700;

export const crashAtMoments: Attack = {
  name: 'crash-at-moments',
  attack:
    'Temporal killed (SIGKILL) at moments of runs, started again on its file, and killed again while it catches up',
  promise: 'right verdict, every effect once, no session left',
  run: (o) =>
    withTemporal(MOMENTS.length + 3, (house, temporal, hosts) => atMoments(o, house, temporal, hosts)),
};

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
