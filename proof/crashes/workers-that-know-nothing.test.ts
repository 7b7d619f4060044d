import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { createPlaybookWorkers } from '../../worker/index.js';
import {
  createPlaybookTestEnvironment,
  playbookBundle,
  type PlaybookTestEnvironment,
} from '../../testing/index.js';

const request = { hostname: 'win7pro64', processName: 'vnc.exe' };

let env: PlaybookTestEnvironment;
before(async () => {
  env = await createPlaybookTestEnvironment({
    scenario: 'evil-sticky-notes',
    restartable: true,
    searchAttributes: false,
  });
});
after(() => env?.close());

it('A run, and the lease it needs, go on with workers that know nothing of them; all of it replays.', async () => {
  const first = await (await env.contain(request)).outcome();
  assert.equal(first.receipt?.verdict, 'contained', JSON.stringify(first));

  await env.stopWorkers();
  const second = await env.contain(request);
  await env.startWorkers();
  const { closed, receipt } = await second.outcome();
  assert.deepEqual([closed, receipt?.verdict], ['completed', 'contained'], JSON.stringify(receipt));
  assert.equal(receipt?.isolation.outcome, 'already-isolated');
  assert.equal(await env.replayAll(), 3);
});

it('Workers run for as long as a task of the caller does, and give what it gave.', async () => {
  await env.stopWorkers();
  const workers = await createPlaybookWorkers({
    connection: env.temporal.nativeConnection,
    namespace: env.namespace,
    cb: env.cb,
    clock: env.clock,
    bundle: await playbookBundle(),
    slots: 0,
    workerOptions: { maxCachedWorkflows: 0 },
  });
  assert.deepEqual(workers.taskQueues, ['cb-response-playbook']);
  const isolated = await workers.runUntil(async () =>
    (await env.contain({ hostname: 'win7pro64', kill: false })).outcome(),
  );
  assert.equal(isolated.receipt?.verdict, 'contained', JSON.stringify(isolated));
  await assert.rejects(
    workers.runUntil(() => Promise.resolve()),
    /already started/,
  );
});
