import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { outcomeOf, startDevServer, type DevServer } from '../../testing/index.js';
import { plainStart } from '../support/plain-start.js';
import { startWorker } from '../support/worker-process.js';

let simulator: Simulator;
let temporal: DevServer;
let connection: Connection;
before(async () => {
  [simulator, temporal] = await Promise.all([
    startSimulator({ scenario: 'evil-sticky-notes', checkinSeconds: 1 }),
    startDevServer(),
  ]);
  connection = await Connection.connect({ address: temporal.address });
});
after(async () => {
  await connection?.close();
  await simulator?.close();
  await temporal?.stop();
});

it('SIGTERM ends an idle worker with exit 0, and an unfinished session goes to the next worker.', async () => {
  const first = await startWorker({ simulator, temporalAddress: temporal.address });
  const hold = simulator.hold({ route: /^GET \/api\/v1\/cblr\/session\/:id\/command\//, when: 'before' });
  const run = await plainStart(new Client({ connection }), { hostname: 'win7pro64', processName: 'vnc.exe' });
  await hold.arrived;
  const drained = first.child.stop();
  hold.release();
  assert.deepEqual(await drained, { code: 0, signal: null }, first.child.stderr);

  const second = await startWorker({ simulator, temporalAddress: temporal.address });
  const { receipt } = await outcomeOf(run);
  assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt));
  const ledger = await simulator.ledger();
  const count = (effect: string): number => ledger.filter((entry) => entry.effect === effect).length;
  assert.equal(count('session-opened'), 1);
  assert.equal(count('session-closed'), 1);
  assert.equal(count('killed'), 2);
  const { code } = await second.child.stop();
  assert.equal(code, 0, second.child.stderr);
});
