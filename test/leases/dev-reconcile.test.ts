import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ReconcileInput, ReconcileRow } from '../../contract/index.js';
import { createDevServerEnvironment, type DevServerEnvironment } from '../../testing/index.js';
import { waitFor } from '../support/wait-for.js';
import { fleet } from '../workflows/support/hosts.js';
import { leaseHandle, leaseOf, leaseStatus, personHolds, wishAndFact, wishChanges } from './support/lease.js';
import { reconciled } from './support/reconcile.js';
import { replayAllAndClose } from './support/replay-all-and-close.js';
import { namespaceOfItsOwn } from '../support/shared-dev-server.js';

/** What the time-skipping server cannot show, for it has no list of runs. */
let env: DevServerEnvironment;
before(async () => {
  const foreign = [4, 5];
  env = await createDevServerEnvironment({
    scenario: fleet(6, (n) => ({ isolated: foreign.includes(n) })),
    on: await namespaceOfItsOwn(),
  });
});
after(() => replayAllAndClose(env));

const LOOK: Partial<ReconcileInput> = { dryRun: true };
const ADOPT: Partial<ReconcileInput> = { adopt: true, who: 'ben', reason: 'nobody knows it' };

/** Held by a person, and seen isolated. */
async function held(sensorId: number): Promise<void> {
  await personHolds(env, sensorId, 'ana');
  await waitFor('the wish to stand', async () => {
    const { wish } = await leaseOf(env, sensorId);
    return wish === 'placed' || wish === 'foreign';
  });
  await waitFor('the isolation', async () => (await wishAndFact(env, sensorId))[1]);
}

/** The row of one sensor, once the list shows what was done a moment ago. */
async function row(sensorId: number, state: string, input = LOOK): Promise<ReconcileRow> {
  return await waitFor(`sensor ${sensorId} to be ${state}`, async () => {
    const found = (await reconciled(env, input)).rows.find((r) => r.sensorId === sensorId);
    return found?.state === state && found;
  });
}

describe('A reconciliation', () => {
  it('drifted: a held host whose wish was withdrawn is named, and left as it is.', async () => {
    await held(1);
    await env.simulator.act.setWish(1, false, 'carl');
    await waitFor('its release', async () => !(await wishAndFact(env, 1))[1]);
    const found = await row(1, 'drifted', {});
    assert.deepEqual([found.wish, found.fact, found.holds], [false, false, ['person/ana']]);
    assert.deepEqual(await wishChanges(env, 1), ['set by playbook', 'cleared by carl']);
  });

  it('missing: a lease of a sensor that was deleted is named with its holds.', async () => {
    await held(2);
    await env.simulator.act.deleteSensor(2);
    const found = await row(2, 'missing', {});
    assert.deepEqual(
      [found.hostname, found.wish, found.fact, found.holds],
      ['HOST-2', null, null, ['person/ana']],
    );
    assert.match(found.what, /^A lease runs for a sensor that the server does not show any more/);
  });

  it('missing: also where that lease was ended from outside.', async () => {
    await held(6);
    await leaseHandle(env, 6).terminate('somebody in Temporal Web');
    await env.simulator.act.deleteSensor(6);
    const found = await row(6, 'missing', {});
    assert.deepEqual([found.hostname, found.holds], ['HOST-6', ['person/ana']]);
    assert.match(found.what, /ended from outside/);
    assert.equal(await leaseStatus(env, 6), 'TERMINATED');
  });

  it('takes up a dead lease that is held although its wish does not stand, and not before it is asked.', async () => {
    await held(3);
    await leaseHandle(env, 3).terminate('somebody in Temporal Web');
    await env.simulator.act.setWish(3, false, 'carl');
    await waitFor('its release', async () => !(await wishAndFact(env, 3))[1]);
    const dry = await row(3, 'orphaned');
    assert.deepEqual([dry.wish, dry.fact, dry.holds], [false, false, ['person/ana']]);
    assert.match(dry.what, /^The wish does not stand; its lease was ended from outside\.$/);
    assert.equal(await leaseStatus(env, 3), 'TERMINATED');
    assert.deepEqual((await row(3, 'taken-up', {})).holds, ['person/ana']);
    await waitFor('the isolation', async () => (await wishAndFact(env, 3))[1]);
    assert.deepEqual((await leaseOf(env, 3)).holds.length, 1);
  });

  it('foreign: what somebody else isolated is told as his although we hold it, and --adopt takes it over.', async () => {
    await held(4);
    const found = await row(4, 'foreign', {});
    assert.deepEqual(found.holds, ['person/ana']);
    assert.match(found.what, /held by us too, and kept when the last of our holds is gone\. --adopt/);
    await held(5);
    await leaseHandle(env, 5).terminate('somebody in Temporal Web');
    assert.match(
      (await row(5, 'orphaned')).what,
      /^Held, and isolated by somebody else; its lease was ended/,
    );
    await row(5, 'adopted', ADOPT);
    for (const n of [4, 5]) {
      const lease = await leaseOf(env, n);
      assert.deepEqual(
        [lease.ours, lease.holds.map((h) => h.holdId)],
        [true, ['person/ana', `person/ben/adopted-${n}`]],
      );
      assert.deepEqual(await wishChanges(env, n), []);
    }
  });
});
