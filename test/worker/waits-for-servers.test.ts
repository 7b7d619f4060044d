import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSimulator } from '../../simulator/index.js';
import { freePort, startDevServer } from '../../testing/index.js';
import { spawnWorker } from '../support/worker-process.js';

const cleanUp: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const step of cleanUp.reverse()) await step();
});

function linesWith(text: string, pattern: RegExp): number {
  return text.split('\n').filter((line) => pattern.test(line)).length;
}

it('A worker started before Temporal and the Cb server waits for both and then polls.', async () => {
  const [cbPort, temporalPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const child = spawnWorker({
    simulator: { url: `http://127.0.0.1:${cbPort}`, token: 'a'.repeat(40) },
    temporalAddress: `127.0.0.1:${temporalPort}`,
    metricsPort,
  });
  cleanUp.push(() => child.stop());
  await child.line('stderr', /Waiting for Temporal at 127\.0\.0\.1/);
  await child.line('stderr', /Waiting for the Cb server 127\.0\.0\.1/);

  const simulator = await startSimulator({
    scenario: 'evil-sticky-notes',
    port: cbPort,
    token: 'a'.repeat(40),
  });
  cleanUp.push(() => simulator.close());
  const temporal = await startDevServer({ port: temporalPort });
  cleanUp.push(() => temporal.stop());

  await child.line('stdout', /"ready":true/);
  assert.equal(linesWith(child.stderr, /Waiting for Temporal/), 1, 'one line a wait');
  assert.equal(linesWith(child.stderr, /Waiting for the Cb server/), 1, 'one line a wait');
  await child.line('stderr', /Temporal at .* is there/);

  // A failed connection takes the SDK's runtime with it: metrics and our log must be there all the same.
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  assert.match(await answer.text(), /^temporal_num_pollers\{/m);
  for (const line of child.stderr.trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), line);
});

it('A signal while it waits stops a worker at once.', async () => {
  const child = spawnWorker({
    simulator: { url: `http://127.0.0.1:${await freePort()}`, token: 'a'.repeat(40) },
    temporalAddress: `127.0.0.1:${await freePort()}`,
  });
  await child.line('stderr', /Waiting for Temporal/);
  const asked = Date.now();
  const { code } = await child.stop();
  assert.equal(code, 0, child.stderr);
  assert.ok(Date.now() - asked < 5_000, 'it does not sit out its wait');
  assert.match(child.stderr, /Stopped before the worker had started to poll/);
});
