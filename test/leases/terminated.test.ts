import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import {
  giveBack,
  leaseHandle,
  leaseOf,
  leaseStatus,
  personHolds,
  releaseAll,
  saidBy,
  wishAndFact,
  wishChanges,
} from './support/lease.js';
import { rareLooks } from './support/rare-looks.js';
import { lookedUp, reconciled } from './support/reconcile.js';

const env = withEnvironment({
  scenario: fleet(6, (n) => (n <= 2 ? { onlineFrom: null } : {})),
  activityOverrides: rareLooks(() => env(), 'watchIsolation'),
});
const contain = (n: number, more = {}) =>
  env().contain({ hostname: hostName(n), processName: 'evil.exe', ...more });
const OURS = ['set by playbook', 'cleared by playbook'];

describe('A containment that is terminated', () => {
  it('leaves its lease, which comes to its end, says why the host stays, and can be released.', async () => {
    const run = await contain(1, { lease: '4h' });
    await env().sleep('10m');
    await run.handle.terminate('somebody in Temporal Web');
    await env().simulator.act.comeOnline(1);
    await env().sleep('5h');
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    const [hold] = (await leaseOf(env(), 1)).holds;
    assert.equal(hold?.keptBecause, 'Its run was ended from outside without a verdict.');
    await env().sleep('20h');
    assert.match(
      (await saidBy(env(), 1)).at(-1) ?? '',
      /^Reminder 1: .*ended from outside without a verdict/,
    );
    const seen = await lookedUp(env(), { hostname: hostName(1) });
    assert.deepEqual([seen.wish, seen.fact, seen.lease?.running, seen.openHolds], [true, true, true, []]);
    await releaseAll(env(), 1);
    assert.deepEqual(await wishChanges(env(), 1), OURS);
  });

  it('without an end leaves the host isolated until somebody releases it.', async () => {
    const run = await contain(2);
    await env().sleep('10m');
    await run.handle.terminate('somebody in Temporal Web');
    await env().simulator.act.comeOnline(2);
    await env().sleep('30h');
    assert.deepEqual(await wishAndFact(env(), 2), [true, true]);
    assert.equal((await leaseOf(env(), 2)).holds[0]?.keptBecause, null);
    await releaseAll(env(), 2);
    assert.deepEqual(await wishChanges(env(), 2), OURS);
  });
});

describe('A lease that is terminated', () => {
  it('is taken up by the next containment: holds carried over, the isolation known as ours.', async () => {
    const first = await contain(3);
    assert.equal((await first.outcome()).receipt?.verdict, 'contained');
    await leaseHandle(env(), 3).terminate('somebody in Temporal Web');
    await env().sleep('2h');
    assert.deepEqual(await wishAndFact(env(), 3), [true, true], 'the host is as it was');
    const second = await contain(3);
    const { receipt } = await second.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.ok(!receipt.notes.some((note) => note.includes('somebody else')));
    const lease = await leaseOf(env(), 3);
    assert.deepEqual(
      lease.holds.map((h) => [h.runId, h.verdict]),
      [
        [first.runId, 'contained'],
        [second.runId, 'contained'],
      ],
    );
    assert.deepEqual([lease.wish, lease.ours, lease.before], ['placed', true, false]);
    assert.ok(lease.events.some((e) => e.what.startsWith('Carries on for run ')));
    await releaseAll(env(), 3);
    assert.deepEqual(await wishAndFact(env(), 3), [false, false]);
    assert.deepEqual(await wishChanges(env(), 3), OURS);
  });

  it('is found by a reconciliation, which looks first and then takes it up, ends and all.', async () => {
    await personHolds(env(), 4, 'ana', { leaseMs: 6 * 3_600_000 });
    await env().sleep('1h');
    await leaseHandle(env(), 4).terminate('somebody in Temporal Web');
    const [dry] = (await reconciled(env(), { dryRun: true })).rows;
    assert.deepEqual([dry?.sensorId, dry?.state, dry?.holds], [4, 'orphaned', ['person/ana']]);
    assert.equal(await leaseStatus(env(), 4), 'TERMINATED');
    const [row] = (await reconciled(env(), {})).rows;
    assert.deepEqual([row?.sensorId, row?.state, row?.holds], [4, 'taken-up', ['person/ana']]);
    await env().sleep('1m');
    assert.deepEqual(
      (await reconciled(env(), {})).rows.map((r) => r.state),
      ['held'],
    );
    await env().timePasses(leaseHandle(env(), 4).result());
    assert.deepEqual(await wishAndFact(env(), 4), [false, false], 'its end still came');
    assert.deepEqual(await wishChanges(env(), 4), OURS);
  });

  it('whose end came while it was dead is released as soon as it is taken up.', async () => {
    await personHolds(env(), 5, 'ana', { leaseMs: 3_600_000 });
    await env().sleep('10m');
    await leaseHandle(env(), 5).terminate('somebody in Temporal Web');
    await env().sleep('1d');
    assert.deepEqual(await wishAndFact(env(), 5), [true, true]);
    await reconciled(env(), {});
    await env().timePasses(leaseHandle(env(), 5).result());
    assert.deepEqual(await wishAndFact(env(), 5), [false, false]);
    assert.deepEqual(await wishChanges(env(), 5), OURS);
  });

  it('while its holder undoes is taken up by the undo itself, which sees the release confirmed.', async () => {
    const fault = env().simulator.faults.add({
      method: 'POST',
      route: '/api/v1/cblr/session',
      kind: { status: 412, body: 'Live Response is off' },
    });
    await personHolds(env(), 6, 'ana');
    await env().sleep('2m');
    const run = await contain(6, { onFailure: 'ask' });
    await env().sleep('1m');
    await giveBack(env(), 6, 'person/ana');
    // Offline: the release cannot be confirmed before it is back.
    await env().simulator.act.goOffline(6);
    await run.handle.executeUpdate('decide', { args: [{ decision: 'release' }] });
    await env().sleep('5m');
    await leaseHandle(env(), 6).terminate('somebody in Temporal Web');
    await env().sleep('5m');
    await env().simulator.act.comeOnline(6);
    const { receipt } = await run.outcome();
    fault.remove();
    assert.equal(receipt?.verdict, 'rolled-back');
    assert.deepEqual(await wishAndFact(env(), 6), [false, false]);
    assert.deepEqual(await wishChanges(env(), 6), OURS);
  });
});
