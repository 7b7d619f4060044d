import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createDevServerEnvironment, type DevServerEnvironment } from '../../testing/index.js';
import { waitFor } from '../support/wait-for.js';
import { fleet } from '../workflows/support/hosts.js';
import { leaseHandle, leaseOf, personHolds, wishAndFact } from './support/lease.js';
import { lookedUp, reconciled } from './support/reconcile.js';
import { replayAllAndClose } from './support/replay-all-and-close.js';
import { namespaceOfItsOwn } from '../support/shared-dev-server.js';

let env: DevServerEnvironment;
before(async () => {
  env = await createDevServerEnvironment({ scenario: fleet(2), on: await namespaceOfItsOwn() });
  for (const sensorId of [1, 2]) {
    await personHolds(env, sensorId, 'ana');
    await waitFor('the isolation', async () => (await wishAndFact(env, sensorId))[1]);
  }
  await env.stopWorkers();
  for (const sensorId of [1, 2]) {
    // Any event that asks for a task which nobody will ever begin.
    await leaseHandle(env, sensorId).signal('something');
    await leaseHandle(env, sensorId).terminate('somebody in Temporal Web');
  }
  await env.simulator.act.deleteSensor(2);
  await env.startWorkers();
});
after(() => replayAllAndClose(env));

/** No worker answers a query about such a run: each time it would run events at the time of another task. */
describe('A lease that was ended while a task of it waited for a worker', () => {
  it('is told by what its memo says', async () => {
    const { lease } = await lookedUp(env, { sensorId: 1 });
    assert.deepEqual(
      [lease?.running, lease?.wish, lease?.ours, lease?.holds.map((h) => h.holdId)],
      [false, 'placed', true, ['person/ana']],
    );
    assert.equal((await lookedUp(env, { sensorId: 2 })).lease?.target.hostname, 'HOST-2');
  });

  it('does not keep a reconciliation from its end, and is taken up by it', async () => {
    const { rows } = await reconciled(env, {});
    assert.deepEqual(
      rows.map(({ hostname, state, holds }) => [hostname, state, holds]),
      [
        ['HOST-1', 'taken-up', ['person/ana']],
        ['HOST-2', 'missing', ['person/ana']],
      ],
    );
    assert.equal((await leaseOf(env, 1)).wish, 'placed');
  });
});
