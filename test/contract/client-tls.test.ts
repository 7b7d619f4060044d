import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { CbConfigError, CbResponse, isCbError } from '../../cb-response/index.js';
import { certificate, loopback, TOKEN, type Certificate } from './client-loopback.js';

const INFO = { body: { version: '6.2.0', cblrEnabled: true, banningEnabled: 'false' } };
let forLoopback: Certificate;
let forAnotherHost: Certificate;
before(async () => {
  forLoopback = await certificate();
  forAnotherHost = await certificate('Self-signed Carbon Black Enterprise Server HTTPS Certificate');
});

test('A self-signed certificate is refused, and the error says how to trust it', async (t) => {
  const server = await loopback(t, () => INFO, forLoopback);
  await assert.rejects(
    server.client().info(),
    (e) => isCbError(e, 'tls') && /CBAPI_SSL_CERT_FILE/.test(e.message),
  );
  assert.equal(server.asked.length, 0, 'no token was sent');
});

test('Its PEM, as text or as a file, makes it trusted', async (t) => {
  const server = await loopback(t, () => INFO, forLoopback);
  const folder = mkdtempSync(join(tmpdir(), 'cb-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const caFile = join(folder, 'server.pem');
  writeFileSync(caFile, forLoopback.cert);
  for (const tls of [{ ca: forLoopback.cert }, { caFile }]) {
    const info = await server.client({ tls }).info();
    assert.deepEqual(info, {
      version: '6.2.0',
      cblrEnabled: true,
      banningEnabled: false,
      maxSearchResultRows: null,
    });
  }
});

test('A pinned certificate of another name is refused until the name check alone is switched off', async (t) => {
  const server = await loopback(t, () => INFO, forAnotherHost);
  const ca = forAnotherHost.cert;
  await assert.rejects(server.client({ tls: { ca } }).info(), (e) => {
    return isCbError(e, 'tls') && /CBAPI_SSL_VERIFY_HOSTNAME/.test(e.message);
  });
  assert.equal((await server.client({ tls: { ca, verifyHostname: false } }).info()).version, '6.2.0');
  const unpinned = server.client({ tls: { verifyHostname: false } });
  await assert.rejects(unpinned.info(), (e) => isCbError(e, 'tls') && /not trusted/.test(e.message));
});

test('Verification can be switched off as a whole', async (t) => {
  const server = await loopback(t, () => INFO, forAnotherHost);
  assert.equal((await server.client({ tls: { verify: false } }).info()).version, '6.2.0');
});

test('A port that does not speak TLS is told apart from a bad certificate', async (t) => {
  const server = await loopback(t, () => INFO);
  const client = new CbResponse({ url: `https://127.0.0.1:${server.port}`, token: TOKEN });
  await assert.rejects(client.info(), (e) => isCbError(e, 'tls') && /scheme and port/.test(e.message));
});

test('A certificate file that is missing or no PEM is a clear error before anything is sent', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'cb-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const der = join(folder, 'server.der');
  writeFileSync(der, 'not PEM');
  const make = (caFile: string) => () =>
    new CbResponse({ url: 'https://cb.example', token: TOKEN, tls: { caFile } });
  assert.throws(
    make(join(folder, 'none.pem')),
    (e) => e instanceof CbConfigError && /ENOENT/.test(e.message),
  );
  assert.throws(make(der), (e) => e instanceof CbConfigError && /BEGIN CERTIFICATE/.test(e.message));
});
