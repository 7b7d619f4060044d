import type { WorkflowHandle } from '@temporalio/client';
import { leaseId, QUERIES, UPDATES, type ContainmentStatus, type LeaseState } from '../../contract/index.js';
import { startDevServer } from '../../testing/index.js';
import { count, effectsOn } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { waitFor } from '../../test/support/wait-for.js';
import { replayCommand, type PartResult, type ProofOptions } from '../part.js';
import type { Attacked } from '../temporal-lost/attack.js';
import { judgeEnd } from '../temporal-lost/ended.js';
import { openHouse, type House } from '../temporal-lost/house.js';
import { inTime } from '../temporal-lost/in-time.js';
import { MOMENTS, standAtEach } from '../temporal-lost/moments.js';
import { oldestBundle } from './old-bundle.js';

export const PART = 'upgrade';
/** Longer than the activities' heartbeat time-out: the lease ends under the workflows of today. */
const LEASE = '6s';

/**
 * Runs and leases that were begun by a worker with the oldest kept bundle, which is killed while they stand in the midst of
 * what they do, and ended by one with the workflows of today.
 */
export async function upgrade(o: ProofOptions): Promise<PartResult> {
  const old = oldestBundle();
  o.log(
    `oldest bundle: ${old.version} (${old.released === null ? 'not released yet' : `released ${old.released}`})`,
  );
  const { hosts, scenario } = fleet(MOMENTS.length + 3);
  const temporal = await startDevServer();
  try {
    const house = await openHouse({ temporalAddress: temporal.address, scenario });
    try {
      const ends = await acrossAnUpgrade(house, hosts, old.path);
      const held = ends.filter(({ wrong }) => wrong.length === 0).length;
      const slowest = Math.max(...ends.map(({ endedAfterMs }) => endedAfterMs)) / 1_000;
      return {
        rows: [
          {
            attack: `Worker with the oldest kept bundle (${old.version}) killed in the midst of runs, one of today takes over`,
            promise: 'right verdict, every effect once, no session left',
            tried: ends.length,
            held,
            measured: `last ended ${slowest.toFixed(0)} s after the kill`,
          },
        ],
        violations: ends
          .filter(({ wrong }) => wrong.length > 0)
          .map(({ moment, verdict, wrong }) => ({
            what: `begun by ${old.version}, ${moment}: ${verdict}. ${wrong.join(' ')}`,
            replay: replayCommand(PART, o, 'all'),
          })),
        data: {
          oldest: { version: old.version, released: old.released, sdk: old.sdk, sdkHere: old.sdkHere },
          ends,
        },
      };
    } finally {
      await house.close();
    }
  } finally {
    await temporal.stop();
  }
}

async function acrossAnUpgrade(house: House, hosts: readonly Host[], bundle: string): Promise<Attacked[]> {
  const [asked, leased, held, ...others] = hosts as [Host, Host, Host, ...Host[]];
  const before = await house.worker({ bundle });
  const waiting = await house.contain(asked, { approval: 'before-kill' });
  const digest = await untilItAsks(waiting);
  const staying = await house.contain(held);
  await inTime('a run of the old bundle', staying.result());
  const standing = await standAtEach(house, MOMENTS, others);
  const ending = await house.contain(leased, { lease: LEASE });
  await inTime('a run of the old bundle', ending.result());

  await before.kill();
  const since = Date.now();
  for (const { goOn } of standing) goOn();
  await house.worker();
  await inTime('the approval', waiting.executeUpdate(UPDATES.approve, { args: [{ digest, who: 'ben' }] }));
  return await Promise.all([
    ...standing.map(({ moment, host, run }) =>
      judgeEnd(house.simulator, host, run, { moment: moment.name, since, verdicts: [moment.verdict] }),
    ),
    judgeEnd(house.simulator, asked, waiting, {
      moment: 'waiting for approval',
      since,
      verdicts: ['contained'],
    }),
    leaseEnds(house, leased, since, 'a lease with an end is held', async () => undefined),
    leaseEnds(house, held, since, 'a lease without an end is held, and given back', (lease, state) =>
      lease.executeUpdate(UPDATES.release, { args: [{ holdId: state.holds[0]?.holdId, who: 'ben' }] }),
    ),
  ]);
}

async function untilItAsks(run: WorkflowHandle): Promise<string> {
  return await waitFor(
    'a plan to approve',
    async () => (await run.query<ContainmentStatus>(QUERIES.status)).approval?.plan.digest,
    { timeoutMs: 60_000, everyMs: 100 },
  );
}

/** The host is released once, by the workflows of today, and stays isolated until then. */
async function leaseEnds(
  house: House,
  host: Host,
  since: number,
  moment: string,
  giveBack: (lease: WorkflowHandle, state: LeaseState) => Promise<unknown>,
): Promise<Attacked> {
  const lease = house.client.workflow.getHandle(leaseId(host.sensorId));
  const wrong: string[] = [];
  const state = await lease.query<LeaseState>(QUERIES.holds);
  await giveBack(lease, state);
  await waitFor(
    'the release',
    async () => (await lease.query<LeaseState>(QUERIES.holds)).wish === 'released',
    { timeoutMs: 60_000, everyMs: 100 },
  ).catch((error: Error) => wrong.push(error.message));
  const ledger = await effectsOn(house.simulator, host);
  for (const effect of ['wish-set', 'isolated', 'wish-cleared', 'released'] as const) {
    if (count(ledger, effect) !== 1) wrong.push(`${effect} ${count(ledger, effect)} times.`);
  }
  const until = state.holds[0]?.until ?? null;
  const cleared = ledger.find(({ effect }) => effect === 'wish-cleared')?.at ?? 0;
  if (cleared < since) wrong.push('It was released before the upgrade: nothing was shown.');
  if (until !== null && cleared < Date.parse(until)) wrong.push('It was released before its end.');
  return { moment, verdict: 'released', endedAfterMs: Date.now() - since, wrong, notes: [] };
}
