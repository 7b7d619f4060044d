import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RequestMatch } from '../../simulator/index.js';
import { outcomeOf, type Outcome } from '../../testing/index.js';
import { waitFor } from '../support/wait-for.js';
import { chaosBench, type ChaosBench } from './bench.js';
import { count, effectsOn, told } from './effects.js';
import { fleet, type Host } from './fleet.js';
import { requestTo } from './points.js';

const undos: [string, (host: Host) => RequestMatch][] = [
  ['unban', (h) => ({ method: 'DELETE', route: `/api/v1/banning/blacklist/${h.md5}` })],
  ['release', (h) => ({ ...requestTo.isolate(h), bodyIncludes: { network_isolation_enabled: false } })],
];
const { hosts, scenario } = fleet(undos.length * 2);
const cases = undos.flatMap(([name, request], i) =>
  (['before', 'after'] as const).map((when, j) => ({ name, request, when, host: hosts[2 * i + j] as Host })),
);
const outcomes = new Map<Host, Outcome>();
let bench: ChaosBench;

/** Live Response is refused once isolation and ban are made: both are undone, and the worker dies while they are. */
before(async () => {
  bench = await chaosBench({ scenario });
  const { simulator } = bench;
  const worker = await bench.worker();
  const undoing = cases.map(({ request, when, host }) => simulator.hold({ ...request(host), when }));
  const opening = cases.map(({ host }) => simulator.hold({ ...requestTo.open(host), when: 'before' }));
  for (const { host } of cases) {
    simulator.faults.add({ ...requestTo.open(host), kind: { status: 405, body: 'Method Not Allowed' } });
  }
  const runs = await Promise.all(cases.map(({ host }) => bench.contain(host, { banMd5: [host.md5] })));
  await Promise.all(opening.map((hold) => hold.arrived));
  await waitFor('the bans', async () => count(await simulator.ledger(), 'banned') === cases.length);
  for (const hold of opening) hold.release();
  await Promise.all(undoing.map((hold) => hold.arrived));
  await worker.kill();
  for (const hold of undoing) hold.cut();
  await bench.worker();
  await Promise.all(cases.map(async ({ host }, i) => outcomes.set(host, await outcomeOf(runs[i]!))));
});
after(() => bench?.close());

describe('A worker killed in the undo, at the request to', () => {
  for (const { name, when, host } of cases) {
    it(`${name}, ${when} it acted: another worker ends the undo, each change undone once.`, async () => {
      const { receipt } = outcomes.get(host) ?? {};
      const ledger = await effectsOn(bench.simulator, host);
      const context = `${JSON.stringify(receipt, null, 1)}\n${told(ledger)}`;
      assert.equal(receipt?.verdict, 'rolled-back', context);
      assert.deepEqual(
        receipt.undo.map(({ change, outcome }) => [change, outcome]).sort(),
        [
          ['ban', 'undone'],
          ['isolation', 'undone'],
        ],
        context,
      );
      const effects = ['wish-set', 'wish-cleared', 'banned', 'unbanned'] as const;
      assert.deepEqual(
        effects.map((effect) => count(ledger, effect)),
        [1, 1, 1, 1],
        context,
      );
      const { sensors, bans } = await bench.simulator.state();
      const sensor = sensors.find(({ id }) => id === host.sensorId);
      assert.deepEqual([sensor?.wish, sensor?.fact], [false, false], context);
      assert.equal(bans.find(({ md5 }) => md5.toUpperCase() === host.md5)?.enabled, false, context);
    });
  }
});
