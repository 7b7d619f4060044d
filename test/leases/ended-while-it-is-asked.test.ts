import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { acquire } from '../../client/lease-run.js';
import { leaseId } from '../../contract/index.js';
import { createDevServerEnvironment, type DevServerEnvironment } from '../../testing/index.js';
import { waitFor } from '../support/wait-for.js';
import { fleet } from '../workflows/support/hosts.js';
import { leaseOf, targetOn } from './support/lease.js';
import { namespaceOfItsOwn } from '../support/shared-dev-server.js';

let env: DevServerEnvironment;
before(async () => {
  env = await createDevServerEnvironment({
    scenario: fleet(1),
    workers: false,
    on: await namespaceOfItsOwn(),
  });
});
after(() => env?.close());

describe('A lease that is ended from outside while a hold of it is asked for', () => {
  it('is started anew by the same call: the caller hears nothing of it, and holds', async () => {
    const session = { client: env.client, namespace: env.namespace, address: '', webBase: null };
    const target = await targetOn(env, 1);
    const lease = env.client.workflow.getHandle(leaseId(1));
    const asked = acquire(session, target, {
      ...{ holdId: 'person/ana', who: 'ana', validUntil: Date.now() + 60_000 },
    });
    asked.catch(() => undefined);
    const runId = async () =>
      await lease.describe().then(
        (run) => run.runId,
        () => null,
      );
    await waitFor('the lease', runId);
    const first = await runId();
    await lease.terminate('an accident');
    await waitFor('another run of the lease', async () => (await runId()) !== first);
    await env.startWorkers();
    await asked;
    assert.deepEqual(
      (await leaseOf(env, 1)).holds.map(({ holdId }) => holdId),
      ['person/ana'],
    );
  });
});
