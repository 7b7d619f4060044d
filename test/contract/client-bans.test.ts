import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCbError } from '../../cb-response/index.js';
import { loopback } from './client-loopback.js';
import type { Answer } from './client-loopback.js';

const MD5 = '0C1A1F0D57E42B5A4E86B1B5B2D1C3AA';
const ban = (enabled: boolean, fields: Record<string, unknown> = {}) => ({
  md5hash: MD5.toLowerCase(),
  text: enabled ? 'by us' : '',
  enabled,
  user_id: 1,
  username: 'playbook',
  timestamp: '2018-02-06 12:44:47.197794-06:00',
  block_count: 0,
  audit: [],
  ...fields,
});

for (const [name, none] of [
  ['404', { status: 404 }],
  ['the 409 of old servers', { status: 409, body: 'does not exist' }],
] as [string, Answer][]) {
  test(`An unknown ban, answered by ${name}, is null`, async (t) => {
    const server = await loopback(t, () => none);
    assert.equal(await server.client().bans.get(MD5), null);
  });
}

test('A ban is read in upper case, with the row kept; the list asks for all', async (t) => {
  const server = await loopback(t, ({ path }) => ({ body: path.endsWith(MD5) ? ban(true) : [ban(false)] }));
  const { bans } = server.client();
  const one = await bans.get(MD5.toLowerCase());
  assert.deepEqual([one?.md5, one?.enabled, one?.text, one?.raw['block_count']], [MD5, true, 'by us', 0]);
  assert.equal((await bans.list())[0]?.enabled, false);
  assert.equal(server.asked[1]?.query.get('count'), '10000');
});

test('Adding says whether it was there, by status or by text', async (t) => {
  const answers: Answer[] = [
    { body: { result: 'success' } },
    { status: 409, body: `Ban for md5 ${MD5} already exists` },
    { body: `Ban for md5 ${MD5} already exists` },
  ];
  const server = await loopback(t, (_, nth) => answers[nth - 1] ?? { status: 500 });
  const { bans } = server.client();
  const said = [await bans.add(MD5, 'why'), await bans.add(MD5, 'why'), await bans.add(MD5, 'why')];
  assert.deepEqual(said, ['added', 'exists', 'exists']);
  assert.deepEqual(server.asked[0]?.body, { md5hash: MD5, text: 'why' });
});

for (const md5 of ['vnc.exe', 'A'.repeat(31), 'D41D8CD98F00B204E9800998ECF8427E', '0'.repeat(32)]) {
  test(`'${md5}' is refused before anything is sent`, async (t) => {
    const server = await loopback(t, () => ({ body: { result: 'success' } }));
    await assert.rejects(
      server.client().bans.add(md5, 'why'),
      (e) => isCbError(e, 'refused') && e.status === null,
    );
    assert.equal(server.asked.length, 0);
  });
}

test('A disabled ban is enabled by POST where that suffices, else by a whole PUT', async (t) => {
  for (const [postEnables, calls] of [
    [true, ['GET', 'POST', 'GET']],
    [false, ['GET', 'POST', 'GET', 'PUT']],
  ] as const) {
    let enabled = false;
    const server = await loopback(t, ({ method }) => {
      if (method === 'POST' && !postEnables) return { status: 409, body: 'already exists' };
      if (method !== 'GET') enabled = true;
      return { body: method === 'POST' ? { result: 'success' } : ban(enabled) };
    });
    const { bans } = server.client();
    const disabled = await bans.get(MD5);
    assert.ok(disabled !== null);
    await bans.enable({ ...disabled, text: 'again' });
    assert.deepEqual(
      server.asked.map(({ method }) => method),
      calls,
    );
    if (!postEnables)
      assert.deepEqual(server.asked[3]?.body, { ...ban(false), enabled: true, text: 'again' });
  }
});

test('Disabling says whether there was one, by text under either status', async (t) => {
  const none = `Ban for md5 '${MD5}' does not exist`;
  const answers: Answer[] = [{ body: { result: 'success' } }, { body: none }, { status: 409, body: none }];
  const server = await loopback(t, (_, nth) => answers[nth - 1] ?? { status: 409, body: 'locked' });
  const { bans } = server.client();
  const said = [await bans.disable(MD5), await bans.disable(MD5), await bans.disable(MD5)];
  assert.deepEqual(said, ['disabled', 'absent', 'absent']);
  await assert.rejects(bans.disable(MD5), (e) => isCbError(e, 'conflict'));
});
