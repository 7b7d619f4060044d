/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench } from './simulator-api.js';

const sessions = '/api/v1/cblr/session';

test('A session is pending until the sensor checks in, by itself.', async () => {
  const { post, get, clock, start, effects } = await bench();
  const opened = await post(sessions, { sensor_id: 1 });
  assert.equal(opened.json.status, 'pending');
  assert.deepEqual(opened.json.supported_commands, []);
  clock.advance(60_000);
  assert.equal((await get(`${sessions}/1`)).json.status, 'active');
  assert.equal((await effects('session-active'))[0]?.at, start + 10_000);
});

test('Wish and session ride the same check-in.', async () => {
  const { post, put, clock, effects } = await bench();
  await put('/api/v1/sensor/1', { network_isolation_enabled: true, group_id: 1 });
  await post(sessions, { sensor_id: 1 });
  clock.advance(10_000);
  const [isolated, active] = await effects('isolated', 'session-active');
  assert.equal(isolated?.at, active?.at);
});

test('A later check-in, with a wish to follow, does not open it again.', async () => {
  const { put, clock, session, effects } = await bench();
  await session(1);
  await put('/api/v1/sensor/1', { network_isolation_enabled: true, group_id: 1 });
  clock.advance(60_000);
  assert.equal((await effects('isolated')).length, 1);
  assert.equal((await effects('session-active')).length, 1);
});

test('A pending session ends when its own check-in time-out has passed.', async () => {
  const { post, get, clock, effects, start } = await bench({ scenario: 'offline-host' });
  const opened = await post(sessions, { sensor_id: 32, checkin_timeout: 60 });
  assert.equal(opened.json.check_in_timeout, 60);
  clock.advance(59_999);
  assert.equal((await get(`${sessions}/1`)).json.status, 'pending');
  clock.advance(600);
  assert.equal((await get(`${sessions}/1`)).json.status, 'timeout');
  assert.equal((await effects('session-timeout'))[0]?.at, start + 60_000);
});

test('An idle session ends after 300 s; a command or a keepalive starts the count anew.', async () => {
  const { get, post, clock, session } = await bench();
  const path = await session(1);
  clock.advance(270_000);
  assert.equal((await get(`${path}/keepalive`)).status, 200);
  clock.advance(290_000);
  await post(`${path}/command`, { name: 'process list' });
  clock.advance(290_000);
  assert.equal((await get(path)).json.status, 'active');
  clock.advance(20_000);
  assert.equal((await get(path)).json.status, 'timeout');
  assert.equal((await get(`${path}/keepalive`)).status, 404);
});

test('With the knob, 120 s without a keepalive end it.', async () => {
  const { get, clock, session } = await bench({ knobs: { idleLimit: 'sensor-wait-timeout' } });
  const path = await session(1);
  clock.advance(95_000);
  assert.equal((await get(`${path}/keepalive`)).json.status, 'active');
  clock.advance(119_000);
  assert.equal((await get(path)).json.status, 'active');
  clock.advance(2_000);
  assert.equal((await get(path)).json.status, 'timeout');
});

test('A keepalive on a pending session closes it.', async () => {
  const { get, post, effects } = await bench();
  await post(sessions, { sensor_id: 1 });
  const answer = await get(`${sessions}/1/keepalive`);
  assert.deepEqual([answer.status, answer.json.status], [200, 'close']);
  assert.match((await effects('session-closed'))[0]?.detail ?? '', /keepalive/);
});

test('Closing answers with the old status; closing twice, or a session unknown, is 404 in text.', async () => {
  const { put, get, session } = await bench();
  const path = await session(1);
  const whole = (await get(path)).json;
  assert.equal((await put(path, { ...whole, status: 'close' })).json.status, 'active');
  const twice = await put(path, { status: 'close' });
  assert.deepEqual([twice.status, twice.text], [404, 'Session 1 not found']);
  assert.equal((await put(`${sessions}/77`, { status: 'close' })).status, 404);
});

test('Ten sessions are the limit, pending ones count, and a closed one makes room.', async () => {
  const scenario = { name: 'fleet', sensors: [], fillerSensors: 11 };
  const { post, put } = await bench({ scenario });
  for (let id = 1; id <= 10; id++) assert.equal((await post(sessions, { sensor_id: id })).status, 200);
  const refused = await post(sessions, { sensor_id: 11 });
  assert.deepEqual([refused.status, /maximum/i.test(refused.text)], [409, true]);
  await put(`${sessions}/3`, { id: 3, status: 'close' });
  assert.equal((await post(sessions, { sensor_id: 11 })).status, 200);
});

test('A second session for a sensor is refused with 404; an unknown sensor too.', async () => {
  const { post } = await bench();
  await post(sessions, { sensor_id: 1 });
  const second = await post(sessions, { sensor_id: 1 });
  assert.deepEqual([second.status, second.text], [404, 'Session 1 already exists for sensor 1']);
  assert.equal((await post(sessions, { sensor_id: 99 })).status, 404);
});

test('A session dies with its sensor: 120 s after it fell silent, commands and all.', async () => {
  const { get, post, simulator, clock, session, effects } = await bench();
  const path = await session(1);
  await simulator.act.goOffline(1);
  await post(`${path}/command`, { name: 'kill', object: 2212 });
  clock.advance(119_000);
  assert.equal((await get(`${path}/command/1`)).json.status, 'pending');
  clock.advance(2_000);
  assert.equal((await get(`${path}/command/1`)).status, 404);
  assert.deepEqual(await effects('killed'), []);
});

test('A sensor back in time carries on with its session; after a reboot it has forgotten it.', async () => {
  const { get, post, simulator, clock, session } = await bench();
  const path = await session(1);
  await simulator.act.goOffline(1);
  await post(`${path}/command`, { name: 'process list' });
  clock.advance(60_000);
  await simulator.act.comeOnline(1);
  clock.advance(1_000);
  assert.equal((await get(`${path}/command/1`)).json.status, 'complete');
  await simulator.act.reboot(1);
  clock.advance(121_000);
  assert.equal((await get(path)).json.status, 'timeout');
});

test('With Live Response off every call is answered 412.', async () => {
  const { get, post } = await bench({ knobs: { liveResponseEnabled: false } });
  assert.equal((await get('/api/info')).json.cblrEnabled, false);
  assert.equal((await get(sessions)).status, 412);
  assert.equal((await post(sessions, { sensor_id: 1 })).status, 412);
});

test('An analyst shares the session: their commands bear their name, and they can close it.', async () => {
  const { get, simulator, session, effects } = await bench();
  const path = await session(1);
  const id = Number(path.split('/').at(-1));
  assert.equal(await simulator.act.openSessionAs(1, 'ann'), id);
  await simulator.act.commandAs(id, { name: 'process list' }, 'ann');
  assert.equal((await get(`${path}/command`)).json[0].username, 'ann');
  await simulator.act.closeSession(id, 'ann');
  assert.equal((await effects('session-closed'))[0]?.by, 'ann');
});
