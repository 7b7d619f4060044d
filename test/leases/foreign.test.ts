import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReconcileInput, Reconciliation } from '../../contract/index.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { leaseOf, personHolds, releaseAll, wishAndFact, wishChanges } from './support/lease.js';
import { reconciled } from './support/reconcile.js';

const env = withEnvironment({ scenario: fleet(3, (n) => ({ isolated: n !== 3 })) });
const LOOK: Partial<ReconcileInput> = { dryRun: true };
const states = ({ rows }: Reconciliation): string[] => rows.map((r) => `${r.sensorId} ${r.state}`);

describe('An isolation that somebody else made', () => {
  it('is found by a containment, kept at the end, and the receipt says whose it was not.', async () => {
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(receipt.isolation.outcome, 'already-isolated');
    assert.ok(receipt.notes.some((note) => note.includes('isolated by somebody else before this run')));
    assert.deepEqual([(await leaseOf(env(), 1)).wish, (await leaseOf(env(), 1)).before], ['foreign', true]);
    await releaseAll(env(), 1);
    await env().sleep('1h');
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    assert.deepEqual(await wishChanges(env(), 1), []);
  });

  it('is undone by no failure of ours either.', async () => {
    const fault = env().simulator.faults.add({
      method: 'POST',
      route: '/api/v1/cblr/session',
      kind: { status: 412, body: 'Live Response is off' },
    });
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe', onFailure: 'release' });
    const { receipt } = await run.outcome();
    fault.remove();
    assert.equal(receipt?.undo[0]?.outcome, 'left');
    assert.match(receipt.undo[0].why ?? '', /somebody else/);
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    assert.deepEqual(await wishChanges(env(), 1), []);
  });

  it('is reported by a reconciliation and not touched.', async () => {
    await personHolds(env(), 3, 'ana');
    await env().sleep('1m');
    const seen = await reconciled(env(), {});
    assert.deepEqual(states(seen), ['1 foreign', '2 foreign', '3 held']);
    assert.deepEqual(await wishChanges(env(), 2), []);
  });

  it('is taken over by --adopt only, and then ends with its last hold.', async () => {
    assert.deepEqual(states(await reconciled(env(), { ...LOOK, adopt: true })), [
      '1 foreign',
      '2 foreign',
      '3 held',
    ]);
    const seen = await reconciled(env(), { adopt: true, who: 'ben', reason: 'nobody knows it' });
    assert.deepEqual(states(seen), ['1 adopted', '2 adopted', '3 held']);
    await env().sleep('1h');
    const lease = await leaseOf(env(), 2);
    assert.deepEqual([lease.wish, lease.ours], ['placed', true]);
    assert.deepEqual(
      lease.holds.map((h) => [h.holdId, h.who, h.reason]),
      [['person/ben/adopted-2', 'ben', 'nobody knows it']],
    );
    await releaseAll(env(), 2);
    assert.deepEqual(await wishAndFact(env(), 2), [false, false]);
    assert.deepEqual(await wishChanges(env(), 2), ['cleared by playbook']);
  });
});
