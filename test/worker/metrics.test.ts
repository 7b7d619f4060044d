import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { freePort, outcomeOf, startDevServer, type DevServer } from '../../testing/index.js';
import { plainStart } from '../support/plain-start.js';
import { projectRoot, startWorker } from '../support/worker-process.js';

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

it('With --metrics-port a worker serves the Prometheus metrics that the operations page names, per task queue.', async () => {
  const metricsPort = await freePort();
  const { child, ready } = await startWorker({
    simulator,
    temporalAddress: temporal.address,
    metricsPort,
    slots: 3,
  });
  try {
    assert.equal(ready.metrics, `http://127.0.0.1:${metricsPort}/metrics`);
    // A failing attempt among them, for the metric that counts those.
    simulator.faults.add({ route: '/api/v1/sensor/:id', times: 1, kind: 'html-502' });
    const request = { hostname: 'win7pro64', processName: 'vnc.exe' };
    const { receipt } = await outcomeOf(await plainStart(new Client({ connection }), request));
    assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt));

    const answer = await fetch(ready.metrics);
    assert.equal(answer.status, 200);
    const text = await answer.text();
    assert.match(text, /^temporal_num_pollers\{/m);
    const documented = readFileSync(join(projectRoot, 'docs', 'operations.md'), 'utf8').match(
      /\btemporal_\w+/g,
    );
    assert.ok((documented ?? []).length > 5);
    for (const name of documented ?? []) assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'));
    const slots = text
      .split('\n')
      .find(
        (line) =>
          line.startsWith('temporal_worker_task_slots_available') &&
          line.includes('cb-response-live-response') &&
          line.includes('ActivityWorker'),
      );
    assert.match(slots ?? text, / 12$/);
  } finally {
    await child.stop();
  }
});
