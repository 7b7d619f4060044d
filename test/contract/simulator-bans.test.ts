/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syntheticFile } from '../../simulator/index.js';
import { bench } from './simulator-api.js';

const bans = '/api/v1/banning/blacklist';
const evil = syntheticFile('evil-vnc', 48_128).md5;

test('A ban is recorded at once and enforced at each check-in, running copies included.', async () => {
  const { post, clock, start, effects } = await bench();
  assert.deepEqual((await post(bans, { md5hash: evil, text: 'bad' })).json, { result: 'success' });
  clock.advance(9_999);
  assert.deepEqual(await effects('ban-enforced'), []);
  clock.advance(1);
  const enforced = await effects('ban-enforced');
  assert.deepEqual(
    enforced.map(({ pid, at, md5 }) => [pid, at, md5]),
    [
      [2212, start + 10_000, evil],
      [3048, start + 10_000, evil],
    ],
  );
});

test('A host that knows the ban does not let the file start; one in a group without bans does.', async () => {
  const scenario = {
    name: 'groups',
    groups: [
      { id: 1, name: 'On', bansEnforced: true },
      { id: 2, name: 'Off', bansEnforced: false },
    ],
    sensors: [1, 2].map((groupId) => ({
      id: groupId,
      hostname: `HOST-${groupId}`,
      groupId,
      processes: [{ path: 'c:\\evil.exe', pid: 2400, binary: 'evil', respawn: { afterMs: 100 } }],
    })),
  };
  const { post, get, clock, effects, simulator } = await bench({ scenario });
  const { md5 } = syntheticFile('evil');
  await post(bans, { md5hash: md5, text: '' });
  clock.advance(60_000);
  assert.deepEqual(
    (await effects('ban-enforced', 'start-blocked')).map(({ effect, sensorId }) => [effect, sensorId]),
    [
      ['ban-enforced', 1],
      ['start-blocked', 1],
    ],
  );
  assert.equal((await get(`${bans}/${md5}`)).json.block_count, 2);
  const [on, off] = (await simulator.state()).sensors;
  assert.equal(
    on!.processes.some(({ path }) => path === 'c:\\evil.exe'),
    false,
  );
  assert.equal(
    off!.processes.some(({ path }) => path === 'c:\\evil.exe'),
    true,
  );
  assert.equal((await get('/api/v3/group/2')).json[0].banning_enabled, false);
});

test('A ban stops no protected process, and no process that cannot be killed; the attempt counts.', async () => {
  const scenario = {
    name: 'tough',
    sensors: [
      {
        id: 1,
        hostname: 'TOUGH',
        processes: [
          { path: 'c:\\a.exe', pid: 2400, binary: 'tough', protected: true },
          { path: 'c:\\b.exe', pid: 2404, binary: 'tough', kill: 'denied' as const },
        ],
      },
    ],
  };
  const { post, get, clock, effects } = await bench({ scenario });
  const { md5 } = syntheticFile('tough');
  await post(bans, { md5hash: md5, text: '' });
  clock.advance(30_000);
  assert.deepEqual(await effects('ban-enforced'), []);
  assert.equal((await get(`${bans}/${md5}`)).json.block_count, 2);
});

test('A second ban is 409 with text; after a DELETE, which only disables, it is taken again.', async () => {
  const b = await bench();
  await b.post(bans, { md5hash: evil, text: 'first' });
  const again = await b.post(bans, { md5hash: evil.toUpperCase(), text: 'second' });
  assert.deepEqual([again.status, again.text], [409, `Ban for md5 ${evil.toUpperCase()} already exists`]);
  assert.deepEqual((await b.delete(`${bans}/${evil}`)).json, { result: 'success' });
  const disabled = (await b.get(`${bans}/${evil}`)).json;
  assert.deepEqual([disabled.enabled, disabled.text], [false, '']);
  assert.equal((await b.post(bans, { md5hash: evil, text: 'third' })).status, 200);
  const entry = (await b.get(`${bans}/${evil}`)).json;
  assert.deepEqual(
    entry.audit.map((a: { text: string; enabled: boolean }) => [a.text, a.enabled]),
    [
      ['first', true],
      ['', false],
      ['third', true],
    ],
  );
});

test('A disabled ban can be enabled by PUT of the whole object.', async () => {
  const b = await bench();
  await b.simulator.act.addBan(evil, 'ann', 'hers');
  await b.simulator.act.disableBan(evil);
  const { json } = await b.get(`${bans}/${evil}`);
  const changed = await b.put(`${bans}/${evil}`, { ...json, enabled: true, text: 'again' });
  assert.deepEqual([changed.json.enabled, changed.json.text], [true, 'again']);
  assert.deepEqual(
    (await b.effects('banned', 'unbanned')).map(({ effect, by }) => [effect, by]),
    [
      ['banned', 'ann'],
      ['unbanned', 'analyst'],
      ['banned', 'playbook'],
    ],
  );
});

test('The lax types of the documentation are taken: strings for everything.', async () => {
  const b = await bench();
  const body = { md5hash: evil, text: '', enabled: 'True', ban_count: '0', last_ban_time: '0' };
  assert.equal((await b.post(bans, body)).status, 200);
  assert.equal((await b.get(`${bans}/${evil}`)).json.enabled, true);
});

test('The list stops at 500 unless a count is given.', async () => {
  const scenario = {
    name: 'many bans',
    sensors: [],
    bans: Array.from({ length: 600 }, (_, i) => ({ md5: i.toString(16).padStart(32, '0') })),
  };
  const { get } = await bench({ scenario });
  assert.equal((await get(bans)).json.length, 500);
  assert.equal((await get(`${bans}?count=10000`)).json.length, 600);
});

test('The case of a ban comes back as the server likes it.', async () => {
  for (const [banCase, expected] of [
    ['as-given', 'aBcD'.repeat(8)],
    ['lower', 'abcd'.repeat(8)],
    ['upper', 'ABCD'.repeat(8)],
  ] as const) {
    const { post, get } = await bench({ knobs: { banCase } });
    await post(bans, { md5hash: 'aBcD'.repeat(8), text: '' });
    assert.equal((await get(bans)).json[0].md5hash, expected);
  }
});
