/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../../simulator/index.js';
import { Child } from '../support/child.js';
import { bench } from './simulator-api.js';

const room = fileURLToPath(new URL('../../simulator/index.ts', import.meta.url));
const program = `import { runSimulatorProcess } from ${JSON.stringify(room)};
await runSimulatorProcess({ scenario: 'evil-sticky-notes', checkinSeconds: 1, tls: true });`;

test('As a process it says where it is in one line, serves with TLS, and goes at SIGTERM.', async () => {
  const child = new Child(
    process.execPath,
    ['--import=tsx', '--input-type=module', '--eval', program],
    process.env,
  );
  const line = await child.line('stdout', /^\{/);
  const { url, token, ca } = JSON.parse(line) as { url: string; token: string; ca: string };
  assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
  const agent = new https.Agent({ ca: readFileSync(ca), checkServerIdentity: () => undefined });
  const status = await new Promise((resolve, reject) => {
    const request = https.get(`${url}/api/info`, { agent, headers: { 'X-Auth-Token': token } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on('error', reject);
  });
  assert.equal(status, 200);
  assert.deepEqual(await child.stop(), { code: 0, signal: null });
  assert.equal(child.stdout.trim().split('\n').length, 1);
  assert.equal(existsSync(ca), false, 'the certificate is gone with it');
});

test('Its certificate is not for the host, as on a fresh server: the name must be pinned or skipped.', async () => {
  const simulator = await startSimulator({ scenario: 'evil-sticky-notes', tls: true });
  try {
    const refused = new Promise((_, reject) => {
      https.get(`${simulator.url}/api/info`, { ca: simulator.caPem!, agent: false }).on('error', reject);
    });
    await assert.rejects(refused, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  } finally {
    await simulator.close();
  }
});

test('Another process reads journal, ledger and state, and makes things happen; the journal holds none of it.', async () => {
  const { get, post, put, simulator } = await bench();
  await put('/api/v1/sensor/1', { network_isolation_enabled: true, group_id: 1 });
  assert.equal((await get('/simulator/ledger')).json[0].effect, 'wish-set');
  assert.equal((await get('/simulator/journal')).json.length, 1);
  const started = await post('/simulator/act', { name: 'startProcess', args: [1, { path: 'c:\\x.exe' }] });
  assert.match(started.json.result, /^00000001-/);
  const { sensors } = (await get('/simulator/state')).json;
  assert.ok(sensors[0].processes.some((p: { path: string }) => p.path === 'c:\\x.exe'));
  const fault = { routePattern: '/api/info$', times: 1, kind: { status: 503 } };
  assert.equal((await post('/simulator/fault', fault)).status, 200);
  assert.equal((await get('/api/info')).status, 503);
  assert.equal(simulator.journal().length, 2);
});

test('Wrong orders are refused with what was expected, and so is a wrong token.', async () => {
  const { post, simulator } = await bench();
  const unknown = await post('/simulator/act', { name: 'dance' });
  assert.deepEqual([unknown.status, /goOffline/.test(unknown.text)], [400, true]);
  assert.match((await post('/simulator/act', { name: 'goOffline', args: [99] })).text, /no sensor 99/);
  assert.equal((await post('/simulator/fault', { kind: 'explode' })).status, 400);
  const stranger = await fetch(`${simulator.url}/simulator/ledger`, { headers: { 'X-Auth-Token': 'no' } });
  assert.equal(stranger.status, 401);
});
