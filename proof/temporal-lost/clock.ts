import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaseId, QUERIES, type LeaseState, type Receipt, type Verdict } from '../../contract/index.js';
import { count, effectsOn } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import type { Child } from '../../test/support/child.js';
import { emptyFolder } from '../../test/support/folders.js';
import { waitFor } from '../../test/support/wait-for.js';
import type { Attack, Attacked } from './attack.js';
import { judgeEnd } from './ended.js';
import { clockOf, openHouse, type House } from './house.js';
import { inTime } from './in-time.js';
import { MOMENTS, standAtEach } from './moments.js';

/** A clock that is ahead ends waits early: the verdict may be worse than it need be, never better. */
const HONEST: readonly Verdict[] = [
  'contained',
  'contained-partly',
  'isolation-pending',
  'rolled-back',
  'rollback-incomplete',
];

/** The clock of the worker's machine is set while its runs stand in the midst of what they do. */
export function clockAttack(
  name: string,
  aheadMs: number,
  place: () => Promise<{ temporalAddress: string; namespace: string }>,
): Attack {
  const hours = Math.abs(aheadMs) / 3_600_000;
  return {
    name,
    attack: `Clock of the worker's machine set ${aheadMs > 0 ? 'ahead' : 'back'} by ${hours} h in the midst of runs`,
    promise: 'verdict right or worse than the truth, never better; every effect once; no session left',
    run: async () => {
      const { hosts, scenario } = fleet(MOMENTS.length + 2);
      const house = await openHouse({ ...(await place()), scenario });
      try {
        return await strike(house, hosts, aheadMs);
      } finally {
        await house.close();
      }
    },
  };
}

async function strike(house: House, hosts: readonly Host[], aheadMs: number): Promise<Attacked[]> {
  const file = join(emptyFolder(), 'clock');
  const worker = await house.worker({ env: clockOf(file) });
  const [leased, fresh, ...others] = hosts as [Host, Host, ...Host[]];
  const standing = await standAtEach(house, MOMENTS, others);
  const ending = await house.contain(leased, { lease: '6s' });
  const { isolation } = await inTime('the containment with a lease', ending.result() as Promise<Receipt>);
  const since = Date.now();
  await setClock(worker, file, aheadMs);
  for (const { goOn } of standing) goOn();
  const after = await house.contain(fresh);
  const ends = await Promise.all([
    ...standing.map(({ moment, host, run }) =>
      judgeEnd(house.simulator, host, run, {
        moment: moment.name,
        since,
        verdicts: HONEST,
        undisturbed: moment.verdict,
      }),
    ),
    judgeEnd(house.simulator, fresh, after, {
      moment: 'started after the clock was set',
      since,
      verdicts: HONEST,
      undisturbed: 'contained',
    }),
    leaseEnds(house, leased, since, Date.parse(isolation.expiresAt ?? '')),
  ]);
  if (!worker.isRunning) ends[0]?.wrong.push(`The worker ended: ${worker.stderr.slice(-500)}`);
  return ends;
}

async function setClock(worker: Child, file: string, aheadMs: number): Promise<void> {
  writeFileSync(file, String(aheadMs));
  worker.signal('SIGWINCH');
  await worker.line('stderr', new RegExp(`clock ahead by ${aheadMs} ms`));
}

/** The end of a lease is Temporal's time: no clock of a worker makes it come early, or late. */
async function leaseEnds(house: House, host: Host, since: number, due: number): Promise<Attacked> {
  const lease = house.client.workflow.getHandle(leaseId(host.sensorId));
  const wrong: string[] = [];
  await waitFor(
    'the end of the lease',
    async () => (await lease.query<LeaseState>(QUERIES.holds)).wish === 'released',
    { timeoutMs: 60_000, everyMs: 100 },
  ).catch((error: Error) => wrong.push(error.message));
  const ledger = await effectsOn(house.simulator, host);
  const cleared = ledger.find(({ effect }) => effect === 'wish-cleared');
  if (cleared === undefined) wrong.push('The host was never released.');
  else if (cleared.at < since) wrong.push('It was released before the clock was set: nothing was shown.');
  else if (!(cleared.at >= due)) wrong.push(`Released ${due - cleared.at} ms before the end of its lease.`);
  for (const effect of ['wish-set', 'isolated', 'wish-cleared', 'released'] as const) {
    if (count(ledger, effect) !== 1) wrong.push(`${effect} ${count(ledger, effect)} times.`);
  }
  return {
    moment: 'a lease with an end is held',
    verdict: 'released',
    undisturbed: 'released',
    endedAfterMs: Date.now() - since,
    wrong,
    notes: cleared === undefined ? [] : [`released ${cleared.at - due} ms after its end`],
  };
}
