import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { IsolateResult, Leases, Reconciliation, ReleaseResult } from '../../client/index.js';
import { cli, type CliError, documentOf } from './cli.js';
import { type HouseInOneProcess, startHouse } from './house.js';
import { isolations } from './lease-effects.js';

describe('leases that were ended from outside, and isolations of others', () => {
  let house: HouseInOneProcess;
  before(async () => (house = await startHouse()));
  after(() => house.stop());

  it('a terminated lease leaves the host as it is; --dry-run knows it for ours and changes nothing', async () => {
    const isolated = await cli(['isolate', 'win7pro64', '--reason', 'odd', '--json'], house.env);
    assert.equal(isolated.code, 0, isolated.stdout);
    const { holdId } = documentOf<IsolateResult>(isolated);
    await house.client.workflow.getHandle('isolation/1').terminate('by a test');
    const ran = await cli(['leases', '--reconcile', '--dry-run', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    assert.deepEqual(statesOf(ran), [[1, 'orphaned', [holdId]]]);
    assert.deepEqual(await isolations(house, 1), [true]);
    assert.deepEqual(documentOf<Leases>(await cli(['leases', '--json'], house.env)).leases, []);
  });

  it('status says that it is ours, and what takes it up', async () => {
    const ran = await cli(['status', 'win7pro64'], house.env);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /is isolated; its lease was ended from outside.*leases --reconcile/);
  });

  it('--reconcile takes it up with its holds, and writes nothing', async () => {
    const ran = await cli(['leases', '--reconcile', '--json'], house.env);
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(statesOf(ran)[0]?.[1], 'taken-up');
    const { leases } = documentOf<Leases>(await cli(['leases', '--json'], house.env));
    assert.deepEqual(
      leases.map((l) => [l.sensorId, l.holds.length]),
      [[1, 1]],
    );
    assert.deepEqual(await isolations(house, 1), [true]);
  });

  it('a lease that was terminated can be released without taking it up first: it is ours all the same', async () => {
    await house.client.workflow.getHandle('isolation/1').terminate('by a test, again');
    const ran = await cli(
      ['release', 'win7pro64', '--reason', 'clean', '--wait', '60s', '--json'],
      house.env,
    );
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(documentOf<ReleaseResult>(ran).outcome, 'released');
    assert.deepEqual(await isolations(house, 1), [true, false]);
  });

  it('a foreign isolation is told and kept; release refuses it with exit 4 and says what takes it over', async () => {
    await house.act('setWish', 2, true, 'analyst');
    const [reconciled, released] = await Promise.all([
      cli(['leases', '--reconcile', '--json'], house.env),
      cli(['release', 'win7pro64-2', '--reason', 'mine?', '--json'], house.env),
    ]);
    assert.deepEqual(statesOf(reconciled), [[2, 'foreign', []]]);
    assert.equal(released.code, 4, released.stdout);
    assert.match(documentOf<CliError>(released).error.next ?? '', /--reconcile --adopt/);
    assert.deepEqual(await isolations(house, 2), [true]);
  });

  it('a hold on a foreign isolation ends and leaves it: exit 10, it is still isolated', async () => {
    assert.equal((await cli(['isolate', 'win7pro64-2', '--reason', 'too'], house.env)).code, 0);
    const ran = await cli(['release', 'win7pro64-2', '--reason', 'done', '--json'], house.env);
    assert.equal(ran.code, 10, ran.stdout);
    assert.equal(documentOf<ReleaseResult>(ran).outcome, 'foreign');
    assert.deepEqual(await isolations(house, 2), [true]);
  });

  it('--adopt takes it over as a hold of this person, and then it can be released', async () => {
    const adopted = await cli(
      ['leases', '--reconcile', '--adopt', '--reason', 'the analyst left', '--json'],
      house.env,
    );
    assert.equal(adopted.code, 0, adopted.stdout);
    assert.equal(statesOf(adopted)[0]?.[1], 'adopted');
    const ran = await cli(
      ['release', 'win7pro64-2', '--reason', 'clean', '--wait', '60s', '--json'],
      house.env,
    );
    assert.equal(ran.code, 0, ran.stdout);
    assert.deepEqual(await isolations(house, 2), [true, false]);
  });

  it('without a worker leases reads memos, and what changes something says that nothing was changed: exit 3', async () => {
    assert.equal((await cli(['isolate', 'win7pro64', '--reason', 'late'], house.env)).code, 0);
    await house.stopWorkers();
    const [listed, released] = await Promise.all([
      cli(['leases', '--json'], house.env),
      cli(['release', 'win7pro64', '--reason', 'now', '--json'], house.env),
    ]);
    const { leases, worker: polled } = documentOf<Leases>(listed);
    assert.equal(listed.code, 0, listed.stdout);
    assert.deepEqual([polled, leases[0]?.source], [false, 'memo']);
    assert.deepEqual(
      leases.map((l) => [l.hostname, l.holds[0]?.reason]),
      [['WIN7PRO64', 'late']],
    );
    assert.equal(released.code, 3, released.stdout);
    assert.match(documentOf<CliError>(released).error.message, /not looked up/);
  });
});

function statesOf(ran: Parameters<typeof documentOf>[0]): [number, string, string[]][] {
  return documentOf<Reconciliation>(ran).rows.map((r) => [r.sensorId, r.state, r.holds]);
}
