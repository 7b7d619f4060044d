import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startSimulator, virtualClock } from '../../simulator/index.js';
import { bench } from './simulator-api.js';

test('The clock may be asynchronous, as the time of a Temporal test server is.', async () => {
  const inner = virtualClock();
  const clock = {
    now: async () => {
      await turn();
      return inner.now();
    },
    sleep: (ms: number) => inner.sleep(ms),
  };
  const simulator = await startSimulator({ scenario: 'evil-sticky-notes', clock, checkinPhase: 0.5 });
  after(() => simulator.close());
  const call = (path: string, method = 'GET', body?: object) =>
    fetch(simulator.url + path, {
      method,
      headers: { 'X-Auth-Token': simulator.token },
      body: body && JSON.stringify(body),
    });
  await Promise.all(
    [1, 2].map((id) => call(`/api/v1/sensor/${id}`, 'PUT', { network_isolation_enabled: true, group_id: 1 })),
  );
  inner.advance(15_000);
  const ledger = await simulator.ledger();
  assert.deepEqual(
    ledger.filter(({ effect }) => effect === 'isolated').map(({ sensorId }) => sensorId),
    [1, 2],
  );
});

test('Waiting for a command or a session moves a virtual clock by just what it takes.', async () => {
  const { post, get, clock, start } = await bench();
  await post('/api/v1/cblr/session', { sensor_id: 1 });
  const session = await get('/api/v1/cblr/session/1?wait=true');
  assert.equal(session.text.includes('"active"'), true);
  assert.ok(clock.now() - start <= 10_250);
  const before = clock.now();
  await post('/api/v1/cblr/session/1/command', { name: 'process list' });
  await get('/api/v1/cblr/session/1/command/1?wait=true');
  assert.equal(clock.now() - before, 80);
});

test('A year of silence is settled in a moment, and quiet check-ins leave no entries.', async () => {
  const { simulator, clock } = await bench({ scenario: { name: 'fleet', sensors: [], fillerSensors: 1000 } });
  clock.advance(365 * 86_400_000);
  assert.deepEqual(await simulator.ledger(), []);
  const { sensors } = await simulator.state();
  assert.ok(sensors.every(({ status }) => status === 'Online'));
});

test('Effects are in the order of their time, whatever order they were asked in.', async () => {
  const { simulator, clock } = await bench({ scenario: 'respawner', checkinPhase: undefined });
  for (const id of [23, 22, 21]) await simulator.act.setWish(id, true, 'ann');
  clock.advance(60_000);
  const times = (await simulator.ledger()).map(({ at }) => at);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
});

test('A virtual clock only goes forward.', () => {
  assert.throws(() => virtualClock().advance(-1), /only goes forward: advance\(-1\) expected ms >= 0/);
});
