import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { CbResponse, isCbError, loadCbResponseConfig } from '../../cb-response/index.js';
import { loopback, TOKEN } from './client-loopback.js';
import type { Answer } from './client-loopback.js';

/** Every way an error or object is commonly printed. */
function prints(value: unknown): string {
  const deep = inspect(value, { depth: 20, showHidden: true, getters: true });
  return [deep, JSON.stringify(value), String(value), (value as Error).stack ?? ''].join('\n');
}

const leaky: [string, Answer][] = [
  ['a text that echoes the token', { status: 400, body: `bad token ${TOKEN}` }],
  ['a page that echoes it', { status: 502, body: `<html><title>${TOKEN}</title></html>` }],
  ['a 200 that echoes it', { body: { errorMessage: `user of ${TOKEN}` } }],
  ['a cut connection', (res) => res.destroy()],
  ['no answer', () => undefined],
  ['a field of another type', { body: { version: null, token: TOKEN } }],
];

for (const [name, answer] of leaky) {
  test(`The token is in no print of the error after ${name}`, async (t) => {
    const server = await loopback(t, () => answer);
    const error: unknown = await server
      .client({ timeoutMs: 100 })
      .info()
      .catch((e: unknown) => e);
    assert.ok(isCbError(error));
    assert.doesNotMatch(prints(error), new RegExp(TOKEN));
    assert.equal(error.cause, undefined);
    assert.equal(server.asked[0]?.headers['x-auth-token'], TOKEN, 'it did travel, as a header');
    assert.doesNotMatch(server.asked[0]?.query.toString() ?? '', new RegExp(TOKEN));
  });
}

test('The token is in no print of the client or of a loaded configuration', (t) => {
  const env = { CBAPI_URL: 'https://cb.example', CBAPI_TOKEN: TOKEN };
  const config = loadCbResponseConfig({ env });
  const client = new CbResponse(config);
  t.after(() => client.close());
  assert.match(prints(client), /cb\.example:443/);
  for (const thing of [client, client.sensors, client.liveResponse, config, { config }]) {
    assert.doesNotMatch(prints(thing), new RegExp(TOKEN));
  }
  assert.equal({ ...config }.token, TOKEN, 'a copy is a working configuration');
});
