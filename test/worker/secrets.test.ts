import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { allRuns, outcomeOf, startDevServer, type DevServer } from '../../testing/index.js';
import { historyText } from '../support/history-text.js';
import { plainStart } from '../support/plain-start.js';
import { startWorker } from '../support/worker-process.js';

const CANARY = 'canary0canary1canary2canary3canary4canary';

let simulator: Simulator;
let temporal: DevServer;
let connection: Connection;
before(async () => {
  [simulator, temporal] = await Promise.all([
    startSimulator({ scenario: 'evil-sticky-notes', checkinSeconds: 1, token: CANARY }),
    startDevServer(),
  ]);
  connection = await Connection.connect({ address: temporal.address });
});
after(async () => {
  await connection?.close();
  await simulator?.close();
  await temporal?.stop();
});

it('The token is in no log line and no history, whatever the server does.', async () => {
  const { child } = await startWorker({
    simulator,
    temporalAddress: temporal.address,
    env: { CB_PLAYBOOK_LOG_LEVEL: 'trace' },
  });
  const client = new Client({ connection });
  const route = '/api/v1/sensor/:id';
  simulator.faults.add({ route, times: 1, kind: 'act-then-cut' });
  // A server, or a proxy before it, that repeats the request's headers in its error.
  simulator.faults.add({ route, times: 1, kind: { status: 500, body: `failed, X-Auth-Token: ${CANARY}` } });
  simulator.faults.add({ route, times: 1, kind: 'malformed' });
  const run = await plainStart(client, { hostname: 'win7pro64', processName: 'vnc.exe' });
  const { receipt } = await outcomeOf(run);
  assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt));

  await simulator.act.revokeToken();
  const refused = await outcomeOf(
    await plainStart(client, { hostname: 'win7pro64', processName: 'vnc.exe' }),
  );
  assert.equal(refused.receipt?.problems[0]?.type, 'Unauthorized', JSON.stringify(refused));

  await child.stop();
  assert.match(child.stderr, /\[secret\]/, 'the echoed token was met, and taken out');
  assert.doesNotMatch(child.stdout + child.stderr, new RegExp(CANARY));
  const runs = await allRuns(client, 'default');
  assert.ok(runs.length >= 3, 'two containments and a lease');
  for (const { workflowId, runId } of runs) {
    const text = historyText(await client.workflow.getHandle(workflowId, runId).fetchHistory());
    assert.match(text, /"hostname":"win7pro64"/i, 'payloads are looked into');
    assert.doesNotMatch(text, new RegExp(CANARY), workflowId);
  }
});
