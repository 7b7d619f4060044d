// Alone in its process: it sets proxies in the environment.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { CbConfigError, CbResponse, isCbError, loadCbResponseConfig } from '../../cb-response/index.js';
import { certificate, listen, loopback, TOKEN, type Certificate } from './client-loopback.js';
import { emptyFolder } from '../support/folders.js';

const INFO = { body: { version: '6.2.0' } };
let tlsPair: Certificate;
before(async () => void (tlsPair = await certificate()));

interface Tunnel {
  host: string | undefined;
  headers: IncomingMessage['headers'];
}

async function tunnelProxy(t: TestContext, refuse = false): Promise<{ port: number; tunnels: Tunnel[] }> {
  const tunnels: Tunnel[] = [];
  const proxy = createServer();
  proxy.on('connect', (req: IncomingMessage, client: Socket) => {
    tunnels.push({ host: req.url, headers: req.headers });
    t.after(() => client.destroy());
    if (refuse) return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [host, port] = (req.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  return { port: await listen(t, proxy), tunnels };
}

function restoreEnvironment(t: TestContext): void {
  const before = { https_proxy: process.env['https_proxy'], no_proxy: process.env['no_proxy'] };
  t.after(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}

test('A configured proxy tunnels, with the certificate checked and the token unseen', async (t) => {
  const proxy = await tunnelProxy(t);
  const server = await loopback(t, () => INFO, tlsPair);
  const url = `http://user:hunter2@127.0.0.1:${proxy.port}`;
  const client = server.client({ proxy: url, tls: { ca: tlsPair.cert } });
  assert.equal((await client.info()).version, '6.2.0');
  assert.equal(proxy.tunnels[0]?.host, `127.0.0.1:${server.port}`);
  assert.doesNotMatch(inspect(proxy.tunnels), new RegExp(TOKEN));
  assert.match(proxy.tunnels[0]?.headers['proxy-authorization'] ?? '', /^Basic /);
  const untrusted = server.client({ proxy: url });
  await assert.rejects(untrusted.info(), (e) => isCbError(e, 'tls') && !inspect(e).includes('hunter2'));
});

test('A proxy that refuses is an error that says so', async (t) => {
  const proxy = await tunnelProxy(t, true);
  const server = await loopback(t, () => INFO, tlsPair);
  const client = server.client({ proxy: `http://127.0.0.1:${proxy.port}`, tls: { ca: tlsPair.cert } });
  await assert.rejects(client.info(), (e) => isCbError(e, 'refused') && e.status === 407);
  assert.equal(server.asked.length, 0);
});

test("The environment's proxy is used only when asked for, and NO_PROXY is honoured", async (t) => {
  const proxy = await tunnelProxy(t);
  const server = await loopback(t, () => INFO, tlsPair);
  restoreEnvironment(t);
  process.env['https_proxy'] = `http://127.0.0.1:${proxy.port}`;
  process.env['no_proxy'] = '';
  const tls = { ca: tlsPair.cert };
  await server.client({ tls }).info();
  assert.equal(proxy.tunnels.length, 0);
  await server.client({ tls, useSystemProxy: true }).info();
  assert.equal(proxy.tunnels.length, 1);
  process.env['no_proxy'] = 'example.com, 127.0.0.1';
  await server.client({ tls, useSystemProxy: true }).info();
  assert.equal(proxy.tunnels.length, 1);
});

test('A profile goes by its own proxy, by that of the environment, or, with ignore_system_proxy, by none', async (t) => {
  const own = await tunnelProxy(t);
  const system = await tunnelProxy(t);
  const server = await loopback(t, () => INFO, tlsPair);
  restoreEnvironment(t);
  process.env['https_proxy'] = `http://127.0.0.1:${system.port}`;
  process.env['no_proxy'] = '';
  const folder = emptyFolder();
  const file = join(folder, 'credentials.response');
  writeFileSync(join(folder, 'ca.pem'), tlsPair.cert);
  const shared = `url=${server.url}\ntoken=${TOKEN}\nssl_cert_file=${join(folder, 'ca.pem')}\n`;
  writeFileSync(
    file,
    `[own]\n${shared}proxy=http://127.0.0.1:${own.port}\n[system]\n${shared}` +
      `[none]\n${shared}ignore_system_proxy=true\n`,
  );
  const tunnelsOf = async (profile: string): Promise<[own: number, system: number]> => {
    const env = { CB_USE_SYSTEM_PROXY: '1' };
    const config = loadCbResponseConfig({ env, profile, credentialFiles: [file] });
    const before = [own.tunnels.length, system.tunnels.length] as const;
    assert.equal((await server.client(config).info()).version, '6.2.0');
    return [own.tunnels.length - before[0], system.tunnels.length - before[1]];
  };
  assert.deepEqual(await tunnelsOf('own'), [1, 0]);
  assert.deepEqual(await tunnelsOf('system'), [0, 1]);
  assert.deepEqual(await tunnelsOf('none'), [0, 0]);
});

test('A proxy that is no URL is refused without being repeated', () => {
  const make = () =>
    new CbResponse({ url: 'https://cb.example', token: TOKEN, proxy: 'socks5://u:hunter2@p' });
  assert.throws(make, (e) => e instanceof CbConfigError && !e.message.includes('hunter2'));
});
