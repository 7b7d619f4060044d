import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { freePort, startDevServer, type DevServer } from '../../testing/index.js';
import { startWorker } from '../support/worker-process.js';

let simulator: Simulator;
let temporal: DevServer;
before(async () => {
  [simulator, temporal] = await Promise.all([
    startSimulator({ scenario: 'evil-sticky-notes' }),
    startDevServer(),
  ]);
});
after(async () => {
  await simulator?.close();
  await temporal?.stop();
});

it('With --metrics-port a worker serves Prometheus metrics, the Live Response queue among them.', async () => {
  const metricsPort = await freePort();
  const { child, ready } = await startWorker({
    simulator,
    temporalAddress: temporal.address,
    metricsPort,
    slots: 3,
  });
  try {
    assert.equal(ready.metrics, `http://127.0.0.1:${metricsPort}/metrics`);
    const answer = await fetch(ready.metrics);
    assert.equal(answer.status, 200);
    const text = await answer.text();
    assert.match(text, /^temporal_num_pollers\{/m);
    const slots = text
      .split('\n')
      .find(
        (line) =>
          line.startsWith('temporal_worker_task_slots_available') &&
          line.includes('cb-response-live-response') &&
          line.includes('ActivityWorker'),
      );
    assert.match(slots ?? text, / 3$/);
  } finally {
    await child.stop();
  }
});
