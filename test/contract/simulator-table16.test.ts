/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TABLE_16, type Knobs } from '../../simulator/index.js';
import { bench, type Bench } from './simulator-api.js';

const sessions = '/api/v1/cblr/session';
const bans = '/api/v1/banning/blacklist';
const md5 = 'a'.repeat(32);
const fleet = { name: 'fleet', sensors: [], fillerSensors: 1001 };
const newBan = { md5hash: md5, text: '' };

type Probe = {
  scenario?: string | typeof fleet;
  knobs?: Partial<Knobs>;
  /** What a client gets to see, as text. */
  look: (b: Bench) => Promise<unknown>;
  /** By alternative, the default included. */
  expected: Record<string, unknown>;
};

const outcome = (request: Promise<{ status: number }>): Promise<unknown> =>
  request.then(
    ({ status }) => status,
    () => 'cut',
  );

/** For each open question a look that tells its alternatives apart. */
const probes: Record<string, Probe> = {
  sessionLimitReply: {
    knobs: { maxSessions: 1 },
    look: async ({ post }) => {
      await post(sessions, { sensor_id: 1 });
      return (await post(sessions, { sensor_id: 2 })).status;
    },
    expected: { '409': 409, '404': 404, '500': 500, '503': 503 },
  },
  secondSession: {
    look: async ({ post }) => {
      await post(sessions, { sensor_id: 1 });
      const { status, json } = await post(sessions, { sensor_id: 1 });
      return [status, json?.id];
    },
    expected: { '404': [404, undefined], 'new-session': [200, 2] },
  },
  noSensorMatch: {
    look: async ({ get }) => (await get('/api/v1/sensor?hostname=NOBODY')).status,
    expected: { 'empty-list': 200, '204': 204, '500': 500 },
  },
  hostnameFilterCase: {
    look: async ({ get }) => (await get('/api/v1/sensor?hostname=win7pro64')).json.length,
    expected: { sensitive: 0, insensitive: 2 },
  },
  unpagedLimitReply: {
    scenario: fleet,
    look: async ({ get }) => (await get('/api/v1/sensor')).status,
    expected: { '400': 400, '500': 500 },
  },
  unknownSensorKey: {
    look: async ({ put }) => (await put('/api/v1/sensor/1', { id: 1 })).status,
    expected: { '400': 400, '500': 500 },
  },
  banPost: {
    look: async (b) => {
      await b.post(bans, newBan);
      const enabled = (await b.post(bans, newBan)).status;
      await b.delete(`${bans}/${md5}`);
      return [enabled, (await b.post(bans, newBan)).status];
    },
    expected: { '409-enabled-200-disabled': [409, 200], '200-enabled-409-disabled': [200, 409] },
  },
  unknownBanGet: {
    look: async ({ get }) => (await get(`${bans}/${md5}`)).status,
    expected: { '404': 404, '409': 409 },
  },
  unknownBanDelete: {
    look: async (b) => {
      const { status, text } = await b.delete(`${bans}/${md5}`);
      return [status, text];
    },
    expected: {
      '409': [409, `Ban for md5 '${md5}' does not exist`],
      '200': [200, `Ban for md5 '${md5}' does not exist`],
    },
  },
  badMd5: {
    look: async ({ post }) => (await post(bans, { md5hash: 'xyz', text: '' })).status,
    expected: { '400': 400, accept: 200 },
  },
  missingRight: {
    knobs: { rights: { view: false, isolate: false, ban: false, liveResponse: false } },
    look: async ({ get, put }) => [
      (await put('/api/v1/sensor/1', { network_isolation_enabled: true })).status,
      (await get('/api/v1/sensor')).status,
    ],
    expected: { '405': [405, 200], '403': [403, 403] },
  },
  killDeadPid: {
    look: async (b) => (await b.command(await b.session(1), { name: 'kill', object: 9_999 })).result_code,
    expected: { '2147942487': 2147942487 },
  },
  killProtectedPid: {
    look: async (b) => (await b.command(await b.session(1), { name: 'kill', object: 4 })).result_code,
    expected: { '2147942405': 2147942405 },
  },
  keepaliveOnPending: {
    look: async ({ post, get }) => {
      await post(sessions, { sensor_id: 1 });
      return (await get(`${sessions}/1/keepalive`)).json.status;
    },
    expected: { closes: 'close', ignored: 'pending' },
  },
  closeReply: {
    look: async (b) => (await b.put(await b.session(1), { status: 'close' })).json.status,
    expected: { 'old-status': 'active', close: 'close' },
  },
  waitLimitReply: {
    look: async (b) => {
      const session = await b.session(1);
      await b.simulator.act.goOffline(1);
      await b.post(`${session}/command`, { name: 'process list' });
      const { status, json } = await b.get(`${session}/command/1?wait=true`);
      return [status, json?.status];
    },
    expected: { '504': [504, undefined], pending: [200, 'pending'] },
  },
  checkins: {
    look: async (b) => {
      const session = await b.session(1);
      const onTime = (await b.simulator.ledger()).find(({ effect }) => effect === 'session-active')?.at;
      const onGrid = onTime === undefined ? 'not yet' : onTime === b.start + 10_000;
      if (onTime === undefined) return onGrid;
      await b.command(session, { name: 'process list' });
      b.clock.advance(60_000);
      return [onGrid, (await b.simulator.state()).sensors[0]!.online];
    },
    expected: { punctual: [true, true], jitter: [false, true], offline: 'not yet', vanish: [true, false] },
  },
  indexLag: {
    look: async (b) => {
      await b.simulator.act.startProcess(1, { path: 'c:\\late.exe' });
      const seen: number[] = [];
      for (const step of [59_000, 1_000, 839_000, 1_000]) {
        b.clock.advance(step);
        seen.push((await b.get('/api/v1/process?cb.group=id&q=process_name:late.exe')).json.total_results);
      }
      return seen;
    },
    expected: { '60s': [0, 1, 1, 1], '15min': [0, 0, 0, 1] },
  },
  randomFaults: {
    look: async ({ get }) => {
      const answers: unknown[] = [];
      for (let i = 0; i < 60; i++) answers.push(await outcome(get('/api/info')));
      return answers.some((answer) => answer !== 200);
    },
    expected: { off: false, seeded: true },
  },
  lostReply: {
    look: async (b) => {
      const first = await outcome(b.post(bans, newBan));
      return [first, (await b.effects('banned')).length, await outcome(b.post(bans, newBan))];
    },
    expected: { off: [200, 1, 409], on: ['cut', 1, 409] },
  },
  rateLimit: {
    look: async ({ get }) => {
      let last;
      for (let i = 0; i < 10; i++) last = await get('/api/info');
      return [last?.status, last?.headers.get('retry-after')];
    },
    expected: { never: [200, null], some: [429, '1'] },
  },
};

for (const { id, name, default: normal, alternatives } of TABLE_16) {
  for (const alternative of [normal, ...alternatives]) {
    test(`Open question ${id}, ${name}: ${alternative}.`, async () => {
      const probe = probes[name];
      assert.ok(probe, `no probe for ${name}`);
      const chosen = alternative === normal ? {} : { [name]: alternative };
      const b = await bench({
        scenario: probe.scenario ?? 'evil-sticky-notes',
        knobs: { ...probe.knobs, ...chosen },
      });
      assert.deepEqual(await probe.look(b), probe.expected[alternative]);
    });
  }
}

test('Table 16 has 21 questions, each knob once.', () => {
  assert.deepEqual(
    TABLE_16.map(({ id }) => id),
    Array.from({ length: 21 }, (_, i) => i + 1),
  );
  assert.equal(new Set(TABLE_16.map(({ name }) => name)).size, 21);
});
