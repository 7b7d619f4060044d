// What canaries were found in once (`npm run proof -- --part secrets`), each as a case of its own.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Output } from '../../cli/output.js';
import { reportError } from '../../cli/report-error.js';
import { CbResponse, createScrub, isCbError, secretsOf } from '../../cb-response/index.js';
import { echo, ECHOES, STATUSES } from '../../proof/secrets/echoes.js';
import { lookAtLibraryErrors } from '../../proof/secrets/library-errors.js';
import { Look } from '../../proof/secrets/look.js';
import { forgetSecrets, secretsOfNotifyUrl } from '../../worker/own-secrets.js';
import { loadTemporalConfig } from '../../worker/temporal.js';

const TOKEN = '0123456789abcdef0123456789abcdef01234567';
const ODD = `k"e\\y/+=&%<>'#?${TOKEN.slice(0, 12)}`;

it('an error of the Cb server repeats no token, in whatever mixture of escapes it comes', async () => {
  for (const token of [TOKEN, ODD]) {
    const look = new Look([token]);
    await lookAtLibraryErrors(token, look);
    assert.deepEqual(look.found, []);
  }
  // The attack itself: what it looks at has the token in it.
  const look = new Look([ODD]);
  for (const status of STATUSES)
    for (const how of Object.keys(ECHOES)) look.at('error', how, JSON.stringify(echo(status, how, ODD)));
  assert.equal(look.found.length, STATUSES.length * Object.keys(ECHOES).length);
});

it('a redirect to a host that is called like the token is told without it', async (t) => {
  const { createServer } = await import('node:http');
  const server = createServer((_, res) =>
    res.writeHead(302, { location: `https://${TOKEN}.example/` }).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const cb = new CbResponse({ url: `http://127.0.0.1:${port}`, token: TOKEN });
  t.after(() => cb.close());
  await assert.rejects(cb.info(), (e) => isCbError(e, 'refused') && !e.message.includes(TOKEN));
});

it('the password of a proxy is a secret also without a scheme, from the environment, and as the proxy is told it', () => {
  const told = Buffer.from('user:pa ss%').toString('base64');
  const config = { url: 'https://cb.example', token: TOKEN };
  const bare = secretsOf({ ...config, proxy: 'user:pa%20ss%25@proxy:3128' });
  assert.deepEqual(bare, [TOKEN, 'pa%20ss%25', 'pa ss%', told]);
  const env = { HTTPS_PROXY: 'http://user:hunter22@proxy:3128' };
  assert.ok(secretsOf({ ...config, useSystemProxy: true }, env).includes('hunter22'));
  assert.deepEqual(secretsOf(config, env), [TOKEN]);
  const clean = createScrub(bare)(`407 for Proxy-Authorization: Basic ${told}, Basic b3RoZXI6b25l, ${told}`);
  assert.doesNotMatch(clean, new RegExp(told));
  assert.equal(createScrub()('{"authorization":"Basic b3RoZXI6b25l"}'), '{"authorization":"[secret]"}');
});

it('the keys in the address of a receiver are secrets on their own', () => {
  const secrets = secretsOfNotifyUrl(
    'https://chat.example/hooks/T0123456789/abcdefabcdef?key=0123456789ab&v=1',
  );
  const clean = createScrub(secrets)(
    'POST /hooks/T0123456789/abcdefabcdef?key=0123456789ab&v=1, then abcdefabcdef',
  );
  assert.equal(clean, 'POST [secret], then [secret]');
});

it("Temporal's key, its extra headers and the client's own key are secrets", () => {
  const { secrets } = loadTemporalConfig({
    TEMPORAL_API_KEY: 'canary-key',
    TEMPORAL_GRPC_META_X_TENANT: 'canary-header',
    TEMPORAL_TLS_CLIENT_CERT_DATA: 'x',
    TEMPORAL_TLS_CLIENT_KEY_DATA:
      '-----BEGIN PRIVATE KEY-----\ncanarycanarycanary\n-----END PRIVATE KEY-----\n',
  });
  assert.deepEqual(secrets, ['canary-key', 'canary-header', 'canarycanarycanary']);
});

it('a worker takes its secrets out of the environment, which diagnostic reports and children have', () => {
  const env: NodeJS.ProcessEnv = {
    PATH: '/bin',
    CBAPI_URL: 'https://cb.example',
    CBAPI_TOKEN: TOKEN,
    TEMPORAL_API_KEY: 'k',
    TEMPORAL_TLS_CLIENT_KEY_DATA: 'k',
    TEMPORAL_GRPC_META_AUTHORIZATION: 'k',
    CB_PLAYBOOK_NOTIFY_URL: 'https://chat.example/k',
  };
  forgetSecrets(env);
  assert.deepEqual(Object.keys(env), ['PATH', 'CBAPI_URL']);
});

it('an error of the command line has no secret, in none of its parts', () => {
  let said = '';
  const output = {
    answerError: (document: unknown, text: string) => (said = `${JSON.stringify(document)}${text}`),
  } as unknown as Output;
  const error = Object.assign(new Error(`it is ${TOKEN}`), {
    code: 'BadInput',
    expected: `not ${TOKEN}`,
    next: TOKEN,
    toJSON: () => ({ mistakes: [{ field: TOKEN, problem: encodeURIComponent(TOKEN), expected: '' }] }),
  });
  assert.equal(reportError(error, output, createScrub([TOKEN])), 2);
  assert.match(said, /\[secret\]/);
  assert.doesNotMatch(said, new RegExp(TOKEN));
});
