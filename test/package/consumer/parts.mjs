// Each part of the package as a user's program imports it: one of its functions is called, and does what it says.
import assert from 'node:assert/strict';
import { checkRequest, containmentId, createPlaybookClient } from 'cb-response-playbook';
import { createActivities, splitByQueue } from 'cb-response-playbook/activities';
import { CbResponse, shortHostname } from 'cb-response-playbook/cb-response';
import { startSimulator, virtualClock } from 'cb-response-playbook/simulator';
import { playbookBundle, realClock } from 'cb-response-playbook/testing';
import { createScrub } from 'cb-response-playbook/worker';
import * as workflows from 'cb-response-playbook/workflows';

assert.equal(containmentId({ hostname: 'WIN7PRO64.' }), 'contain/win7pro64');
assert.equal(checkRequest({ hostname: 'win7*', processName: 'vnc.exe' }).ok, false);
await assert.rejects(
  createPlaybookClient({ address: '127.0.0.1:1', connectTimeoutMs: 500 }),
  /127\.0\.0\.1:1/,
);

const simulator = await startSimulator({ scenario: 'evil-sticky-notes', clock: virtualClock() });
const cb = new CbResponse({ url: simulator.url, token: simulator.token });
try {
  assert.equal(shortHostname('WIN7PRO64.example.com'), 'win7pro64');
  assert.equal((await cb.sensors.get(1))?.computerName, 'WIN7PRO64');
  const { main, liveResponse } = splitByQueue(createActivities({ cb }));
  assert.equal(typeof main.isolate, 'function');
  assert.deepEqual(Object.keys(liveResponse), ['enumerateAndKill']);
} finally {
  cb.close();
  await simulator.close();
}

assert.equal(createScrub(['a-secret-of-nobody'])('token a-secret-of-nobody').includes('a-secret'), false);
assert.ok(Math.abs((await realClock().now()) - Date.now()) < 10_000);
assert.ok(await playbookBundle());

// Temporal calls these, by their names, and nobody else can.
for (const name of [
  'containEndpoint',
  'isolationLease',
  'lookup',
  'reconcile',
  'undoContainment',
  'brakes',
]) {
  assert.equal(typeof workflows[name], 'function', name);
}
process.stdout.write('all parts\n');
