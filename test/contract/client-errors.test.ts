import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCbError } from '../../cb-response/index.js';
import type { CbError, CbErrorKind } from '../../cb-response/index.js';
import { loopback } from './client-loopback.js';
import type { Answer } from './client-loopback.js';

const NGINX =
  '<html>\r\n<head><title>504 Gateway Time-out</title></head><body><center>nginx</center></body></html>';

const cases: [string, Answer, CbErrorKind, (e: CbError) => void][] = [
  ['401', { status: 401 }, 'unauthorized', (e) => assert.match(e.message, /CBAPI_TOKEN/)],
  ['403', { status: 403 }, 'forbidden', (e) => assert.equal(e.right, null)],
  [
    '404 HTML',
    { status: 404, body: NGINX },
    'not-found',
    (e) => assert.equal(e.serverText, '504 Gateway Time-out'),
  ],
  ['409', { status: 409, body: 'no' }, 'conflict', (e) => assert.equal(e.serverText, 'no')],
  [
    '429',
    { status: 429, headers: { 'retry-after': '7' } },
    'rate-limited',
    (e) => assert.equal(e.retryAfterMs, 7000),
  ],
  [
    '503 with a date',
    {
      status: 503,
      headers: { date: 'Tue, 06 Feb 2018 12:00:00 GMT', 'retry-after': 'Tue, 06 Feb 2018 12:01:30 GMT' },
    },
    'unavailable',
    (e) => assert.equal(e.retryAfterMs, 90_000),
  ],
  [
    '504 HTML',
    { status: 504, body: NGINX },
    'unavailable',
    (e) => assert.match(e.message, /504 Gateway Time-out/),
  ],
  ['412 elsewhere', { status: 412 }, 'refused', (e) => assert.equal(e.status, 412)],
  [
    '400 with a reason',
    { status: 400, body: { reason: 'query_malformed_syntax' } },
    'refused',
    (e) => assert.equal(e.serverText, 'query_malformed_syntax'),
  ],
  [
    'a long text',
    { status: 400, body: 'x'.repeat(5000) },
    'refused',
    (e) => assert.equal(e.serverText?.length, 300),
  ],
  [
    'a redirect',
    { status: 302, headers: { location: 'https://elsewhere.example/login?next=1' } },
    'refused',
    (e) => assert.match(e.message, /redirect to https:\/\/elsewhere\.example\b/),
  ],
  [
    '200 with errorMessage',
    { body: { errorMessage: 'Solr timed out' } },
    'unavailable',
    (e) => assert.equal(e.serverText, 'Solr timed out'),
  ],
  ['200 that is no JSON', { body: '<html>portal</html>' }, 'malformed', (e) => assert.equal(e.status, 200)],
  ['200 without a body', { body: '' }, 'malformed', (e) => assert.equal(e.status, 200)],
  ['a field of another type', { body: { version: 6 } }, 'malformed', (e) => assert.equal(e.field, 'version')],
];

for (const [name, answer, kind, look] of cases) {
  test(`An answer of ${name} becomes the error '${kind}', in one line with a remedy`, async (t) => {
    const server = await loopback(t, () => answer);
    await assert.rejects(server.client().info(), (e) => {
      assert.ok(isCbError(e, kind), String(e));
      assert.equal(e.method, 'GET');
      assert.equal(e.path, '/api/info');
      assert.doesNotMatch(e.message, /\n/);
      assert.ok(e.remedy.length > 10 && e.message.endsWith(e.remedy));
      look(e);
      return true;
    });
    assert.equal(server.asked.length, 1, 'nothing is retried or followed');
  });
}

test('A 405 names the right that is missing', async (t) => {
  const server = await loopback(t, () => ({ status: 405, body: 'Method Not Allowed' }));
  const client = server.client();
  const rights: [Promise<unknown>, string][] = [
    [client.sensors.setIsolation({ id: 1, groupId: 1 }, true), 'Isolate sensors'],
    [client.liveResponse.open(1), 'Execute Live Response'],
    [client.bans.add('A'.repeat(32), 'why'), 'Ban hashes'],
  ];
  for (const [call, right] of rights) {
    await assert.rejects(
      call,
      (e) => isCbError(e, 'forbidden') && e.right === right && e.message.includes(right),
    );
  }
});

test('A 412 from Live Response says that it is off and how to switch it on', async (t) => {
  const server = await loopback(t, () => ({ status: 412 }));
  await assert.rejects(server.client().liveResponse.sessions(), (e) => {
    return isCbError(e, 'live-response-off') && /CbLREnabled=True/.test(e.message);
  });
});
