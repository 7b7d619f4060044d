import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CANARY, secretFinder, withoutReadyLines } from '../../scripts/find-secret.mjs';
import { startSimulator } from '../../simulator/index.js';
import { secretIn } from '../support/no-secret.js';

const odd = 'a"b\\c/d+e&f<g>h%i=j?k#l';
const filler = 'x'.repeat(5_000);

it('a secret is found however it is written, whole or twelve characters of it', () => {
  for (const secret of [CANARY, odd]) {
    const find = secretFinder([secret]);
    const bytes = Buffer.from(secret);
    const forms: (string | Buffer)[] = [
      secret,
      secret.toUpperCase(),
      secret.slice(5, 17),
      secret.slice(-12),
      JSON.stringify({ secret }),
      JSON.stringify(JSON.stringify({ secret })),
      encodeURIComponent(secret),
      [...secret].map((c) => `%${c.charCodeAt(0).toString(16)}`).join(''),
      [...secret].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join(''),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      Buffer.from(secret, 'utf16le'),
      ...['', 'a', 'ab', 'user:'].map((before) => Buffer.from(`${before}${secret}tail`).toString('base64')),
      Buffer.from(`ab${secret}`).toString('base64url'),
    ];
    for (const form of forms) {
      const text = Buffer.concat([Buffer.from(filler), Buffer.from(form as string), Buffer.from(filler)]);
      const found = find(text);
      assert.ok(found !== null, `${secret}: ${String(form)}`);
      assert.equal(secretFinder([secret])(found.around), null, 'a report of it does not have it');
    }
  }
});

it('what is no secret is not found, nor eleven characters of one', () => {
  const find = secretFinder([CANARY, odd, 'hunter2!']);
  for (const text of [
    filler,
    CANARY.slice(3, 14),
    '0123456789abcdef'.repeat(500),
    'hunter2',
    '\0'.repeat(50),
  ])
    assert.equal(find(text), null, text.slice(0, 40));
  assert.equal(find('it is hunter2!')?.form, 'plain');
});

it('simulators take the token that is searched for, and the line that tells it is the only one let pass', async () => {
  const simulator = await startSimulator({ scenario: 'evil-sticky-notes' });
  await simulator.close();
  assert.equal(simulator.token, CANARY);
  const ready = JSON.stringify({ url: simulator.url, token: CANARY, ca: null });
  const find = secretFinder([CANARY]);
  assert.equal(find(withoutReadyLines(`a\n${ready}\nb\n`)), null);
  assert.notEqual(find(withoutReadyLines(`a\nsaid ${ready}\nb\n`)), null);
});

it('what a process of the tests prints is looked through, and the place is told without the token', () => {
  const where = secretIn(`node worker ${CANARY}`, {
    stdout: 'ready\n',
    stderr: `{"msg":"auth ${CANARY}"}\n`,
  });
  assert.match(where ?? '', /stderr of node worker \[secret\]: …\{"msg":"auth \[here\]/);
  assert.equal(secretIn('node', { stdout: 'ready\n', stderr: '' }), null);
});
