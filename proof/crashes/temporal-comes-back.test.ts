import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { startSimulator } from '../../simulator/index.js';
import { outcomeOf, startDevServer } from '../../testing/index.js';
import { emptyFolder } from '../../test/support/folders.js';
import { plainStart } from '../../test/support/plain-start.js';
import { startWorker } from '../../test/support/worker-process.js';

const cleanUp: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const step of cleanUp.reverse()) await step();
});

it('A worker whose Temporal crashed and came back goes on with the next run.', async () => {
  const simulator = await startSimulator({ scenario: 'evil-sticky-notes' });
  cleanUp.push(() => simulator.close());
  const dbFilename = join(emptyFolder(), 'temporal.db');
  const before = await startDevServer({ dbFilename });
  const { child } = await startWorker({ simulator, temporalAddress: before.address });
  cleanUp.push(() => child.stop());

  await before.kill();
  const temporal = await startDevServer({ dbFilename, port: before.port });
  cleanUp.push(() => temporal.stop());
  const connection = await Connection.connect({ address: temporal.address });
  cleanUp.push(() => connection.close());

  // A run with a wrong request needs the worker and nothing else, and closes at once.
  const run = await plainStart(new Client({ connection }), { hostnam: 'typo' });
  const { closed, type } = await outcomeOf(run);
  assert.deepEqual({ closed, type }, { closed: 'failed', type: 'InvalidRequest' });
  assert.ok(child.isRunning);
});
