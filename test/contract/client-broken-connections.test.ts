import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CbResponse, isCbError } from '../../cb-response/index.js';
import { loopback, TOKEN } from './client-loopback.js';

test('A server that never answers ends as an unknown outcome after the time-out', async (t) => {
  const server = await loopback(t, () => () => undefined);
  await assert.rejects(server.client({ timeoutMs: 50 }).info(), (e) => {
    return isCbError(e, 'unknown-outcome') && e.code === 'ETIMEDOUT' && /within 50 ms/.test(e.message);
  });
});

test('A body that drips on and on is cut by the time-out of the whole call', async (t) => {
  const server = await loopback(t, () => (res) => {
    res.writeHead(200);
    const drip = setInterval(() => res.write(' '), 10);
    res.on('close', () => clearInterval(drip));
  });
  await assert.rejects(server.client({ timeoutMs: 80 }).info(), (e) => isCbError(e, 'unknown-outcome'));
});

test('A connection cut before the answer, or within it, is an unknown outcome', async (t) => {
  const cuts = await loopback(t, (_, nth) => (res) => {
    if (nth === 2) {
      res.writeHead(200, { 'content-length': '100' });
      res.write('{"version":');
    }
    setTimeout(() => res.destroy(), 20);
  });
  const client = cuts.client();
  await assert.rejects(client.info(), (e) => isCbError(e, 'unknown-outcome'));
  await assert.rejects(client.info(), (e) => isCbError(e, 'unknown-outcome'));
  assert.equal(cuts.asked.length, 2);
});

test('A port where nobody listens is unreachable: nothing was sent', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const client = new CbResponse({ url: `http://127.0.0.1:${port}`, token: TOKEN });
  await assert.rejects(client.info(), (e) => isCbError(e, 'unreachable') && e.code === 'ECONNREFUSED');
});

test('An aborted call rejects with the reason of the signal, before and during', async (t) => {
  const server = await loopback(t, () => () => undefined);
  const client = server.client();
  const reason = new Error('the operator changed their mind');
  const during = new AbortController();
  const call = client.info({ signal: during.signal });
  setTimeout(() => during.abort(reason), 20);
  await assert.rejects(call, (e) => e === reason);
  await assert.rejects(client.info({ signal: AbortSignal.abort(reason) }), (e) => e === reason);
  assert.equal(server.asked.length, 1);
});

test('An answer longer than the bound is not read, packed or not', async (t) => {
  const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
  const server = await loopback(t, () => (res) => {
    res.writeHead(200, { 'content-encoding': 'gzip' });
    res.end(bomb);
  });
  await assert.rejects(
    server.client().info(),
    (e) => isCbError(e, 'malformed') && /longer than/.test(e.message),
  );
});

test('Connections are kept: ten calls one after the other use one', async (t) => {
  const sockets = new Set<unknown>();
  const server = await loopback(t, () => (res) => {
    sockets.add(res.socket);
    res.end('{"version":"6.2.0"}');
  });
  const client = server.client();
  for (let i = 0; i < 10; i++) await client.info();
  assert.equal(sockets.size, 1);
});
