import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { isCbError } from '../../cb-response/index.js';
import { loopback } from './client-loopback.js';

const BYTES = Buffer.alloc(3_000_000, 'vnc');

test('A file streams, and is hashed as it comes', async (t) => {
  const server = await loopback(t, () => (res) => res.end(BYTES));
  const hash = createHash('md5');
  await pipeline(await server.client().liveResponse.fileContent(1, 2), hash);
  assert.equal(hash.digest('hex'), createHash('md5').update(BYTES).digest('hex'));
  assert.deepEqual(server.calls(), ['GET /api/v1/cblr/session/1/file/2/content']);
});

test('An empty file is a file', async (t) => {
  const server = await loopback(t, () => (res) => res.end());
  const stream = await server.client().liveResponse.fileContent(1, 2);
  assert.equal((await stream.toArray()).length, 0);
});

test('A page or an answer in JSON is no file', async (t) => {
  for (const type of ['text/html; charset=utf-8', 'application/json', 'text/plain']) {
    const server = await loopback(t, () => (res) => {
      res.writeHead(200, { 'content-type': type });
      res.end('<html>Sign in</html>');
    });
    await assert.rejects(server.client().liveResponse.fileContent(1, 2), (e) => isCbError(e, 'malformed'));
  }
});

test('A refused file is an error before a byte', async (t) => {
  const server = await loopback(t, () => ({ status: 404, body: 'File 2 not found' }));
  await assert.rejects(server.client().liveResponse.fileContent(1, 2), (e) => isCbError(e, 'not-found'));
});

test('A stream that breaks off or falls silent fails as an unknown outcome, never ends early', async (t) => {
  const server = await loopback(t, (_, nth) => (res) => {
    res.writeHead(200, { 'content-length': String(BYTES.length) });
    res.write(BYTES.subarray(0, 1000));
    if (nth === 1) setTimeout(() => res.destroy(), 20);
  });
  const client = server.client({ timeoutMs: 100 });
  for (const code of ['ECONNRESET', 'ETIMEDOUT']) {
    const stream = await client.liveResponse.fileContent(1, 2);
    await assert.rejects(stream.toArray(), (e) => isCbError(e, 'unknown-outcome') && e.code === code);
  }
});

test('An aborted download stops at both ends, with the reason of the signal', async (t) => {
  const ended: Promise<unknown>[] = [];
  const server = await loopback(t, () => (res) => {
    ended.push(once(res, 'close'));
    res.writeHead(200);
    res.write(BYTES.subarray(0, 1000));
  });
  const control = new AbortController();
  const stream = await server.client().liveResponse.fileContent(1, 2, { signal: control.signal });
  const reason = new Error('cancelled');
  control.abort(reason);
  await assert.rejects(stream.toArray(), (e) => e === reason);
  await Promise.all(ended);
});

test("Deleting the server's copy falls back on the mark where there is no such route", async (t) => {
  const server = await loopback(t, ({ method }) => ({ status: method === 'DELETE' ? 405 : 200 }));
  await server.client().liveResponse.deleteFile(1, 2);
  assert.deepEqual(server.asked[1]?.body, { id: 2, delete: true });
  const gone = await loopback(t, () => ({ status: 404 }));
  await gone.client().liveResponse.deleteFile(1, 2);
});
