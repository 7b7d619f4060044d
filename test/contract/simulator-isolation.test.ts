/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench } from './simulator-api.js';

const wish = { network_isolation_enabled: true, group_id: 1 };

test('A wish becomes a fact at the next check-in, at its own time, though nobody asks.', async () => {
  const { put, clock, start, effects } = await bench();
  assert.equal((await put('/api/v1/sensor/1', wish)).status, 204);
  clock.advance(3_600_000);
  const [set, fact] = await effects('wish-set', 'isolated');
  assert.deepEqual([set?.at, fact?.at], [start, start + 10_000]);
  assert.deepEqual([fact?.by, fact?.requestN], ['playbook', 1]);
});

test('Between PUT and check-in wish and fact differ, in both directions.', async () => {
  const { get, put, clock } = await bench();
  const both = async () => {
    const { json } = await get('/api/v1/sensor/1');
    return [json.network_isolation_enabled, json.is_isolating];
  };
  await put('/api/v1/sensor/1', wish);
  assert.deepEqual(await both(), [true, false]);
  clock.advance(10_000);
  assert.deepEqual(await both(), [true, true]);
  await put('/api/v1/sensor/1', { ...wish, network_isolation_enabled: false });
  assert.deepEqual(await both(), [false, true]);
  clock.advance(30_000);
  assert.deepEqual(await both(), [false, false]);
});

test('A wish withdrawn before the check-in isolates nobody.', async () => {
  const { put, clock, effects } = await bench();
  await put('/api/v1/sensor/1', wish);
  await put('/api/v1/sensor/1', { ...wish, network_isolation_enabled: false });
  clock.advance(60_000);
  assert.deepEqual(await effects('isolated', 'released'), []);
});

test('With the knob the fact is reported one check-in later.', async () => {
  const { get, put, clock, effects } = await bench({ knobs: { factReporting: 'next-checkin' } });
  await put('/api/v1/sensor/1', wish);
  clock.advance(10_000);
  assert.equal((await get('/api/v1/sensor/1')).json.is_isolating, false);
  assert.equal((await effects('isolated')).length, 1);
  clock.advance(30_000);
  assert.equal((await get('/api/v1/sensor/1')).json.is_isolating, true);
});

test('The wish waits for an offline host, three days if need be.', async () => {
  const { put, get, clock, start, effects } = await bench({ scenario: 'offline-host' });
  await put('/api/v1/sensor/31', wish);
  clock.advance(259_199_000);
  assert.equal((await get('/api/v1/sensor/31')).json.is_isolating, false);
  clock.advance(3_600_000);
  const [fact] = await effects('isolated');
  assert.equal(fact?.at, start + 259_200_000 + 10_000);
});

test('A sensor that cannot isolate keeps the wish and never follows it.', async () => {
  const scenario = { name: 'old', sensors: [{ id: 1, hostname: 'OLD', supportsIsolation: false }] };
  const { put, get, clock } = await bench({ scenario });
  assert.equal((await put('/api/v1/sensor/1', wish)).status, 204);
  clock.advance(600_000);
  const { json } = await get('/api/v1/sensor/1');
  assert.deepEqual(
    [json.supports_isolation, json.network_isolation_enabled, json.is_isolating],
    [false, true, false],
  );
});

test('A reboot of an old Windows sensor drops isolation until it checks in again.', async () => {
  const { put, simulator, clock, effects } = await bench();
  await put('/api/v1/sensor/1', wish);
  clock.advance(15_000);
  await simulator.act.reboot(1);
  clock.advance(120_000);
  assert.deepEqual(
    (await effects('isolated', 'released', 'rebooted')).map(({ effect }) => effect),
    ['isolated', 'rebooted', 'released', 'isolated'],
  );
});

test('Somebody else may set the wish in the console, and is named.', async () => {
  const { simulator, clock, effects } = await bench();
  await simulator.act.setWish(1, true, 'ann');
  clock.advance(10_000);
  assert.deepEqual(
    (await effects('wish-set', 'isolated')).map(({ by }) => by),
    ['ann', 'ann'],
  );
});

test('Check-ins keep to registration phase plus whole intervals over a long silence.', async () => {
  const { simulator, clock, start } = await bench();
  clock.advance(100_000_000);
  const [sensor] = (await simulator.state()).sensors;
  assert.equal((sensor!.lastCheckin! - start - 10_000) % 30_000, 0);
  assert.ok(clock.now() - sensor!.lastCheckin! < 30_000);
  assert.equal(sensor!.nextCheckin, sensor!.lastCheckin! + 30_000);
});
