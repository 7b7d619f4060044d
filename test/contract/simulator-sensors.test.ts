/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench } from './simulator-api.js';

const ids = (rows: { id: number }[]): number[] => rows.map(({ id }) => id);

test('The host name filter is a case-sensitive substring match on the NetBIOS name.', async () => {
  const { get } = await bench({ scenario: 'look-alikes' });
  assert.deepEqual(ids((await get('/api/v1/sensor?hostname=WEB1')).json), [11, 12, 13]);
  assert.deepEqual((await get('/api/v1/sensor?hostname=web1')).json, []);
  assert.deepEqual((await get('/api/v1/sensor?hostname=ACCOUNTING-WORKSTATION-1')).json, []);
  const cut = (await get('/api/v1/sensor?hostname=ACCOUNTING-WORK')).json;
  assert.deepEqual(ids(cut), [14, 15]);
  assert.equal(cut[0].computer_name, 'ACCOUNTING-WORK');
  assert.equal(cut[0].computer_dns_name, 'accounting-workstation-1.corp.example');
});

test('Given both, only the address counts, and it is a substring too.', async () => {
  const { get } = await bench({ scenario: 'look-alikes' });
  assert.deepEqual(ids((await get('/api/v1/sensor?hostname=NOBODY&ip=10.0.0.1')).json), [12, 13]);
});

test('Pages keep to the order asked for and count everything.', async () => {
  const { get } = await bench({ scenario: { name: 'fleet', sensors: [], fillerSensors: 250 } });
  const page = (start: number) =>
    get(`/api/v2/sensor?start=${start}&rows=100&sort.col=computer_name&sort.dir=asc`);
  const pages = await Promise.all([0, 100, 200, 300].map(page));
  assert.deepEqual(
    pages.map(({ json }) => json.results.length),
    [100, 100, 50, 0],
  );
  assert.equal(new Set(pages.flatMap(({ json }) => ids(json.results))).size, 250);
  assert.equal((await get('/api/v2/sensor?rows=0')).json.total_results, 250);
});

test('Beyond 1000 sensors a 7.x server refuses the unpaged list, an older one does not.', async () => {
  const scenario = { name: 'fleet', sensors: [], fillerSensors: 1001 };
  const refused = await (await bench({ scenario })).get('/api/v1/sensor');
  assert.equal(refused.status, 400);
  assert.match(refused.text, /^Unpaged request has 1001 results, exceeds limit of 1000/);
  const old = await (await bench({ scenario, profile: '6.2' })).get('/api/v1/sensor');
  assert.equal(old.json.length, 1001);
});

test('A pulled plug shows as Online until five minutes past the expected check-in.', async () => {
  const { get, simulator, clock } = await bench();
  const status = async () => (await get('/api/v1/sensor/1')).json.status as string;
  clock.advance(10_000);
  await simulator.act.goOffline(1);
  clock.advance(30_000 + 300_000);
  assert.equal(await status(), 'Online');
  clock.advance(1);
  assert.equal(await status(), 'Offline');
  await simulator.act.comeOnline(1);
  clock.advance(30_000);
  assert.equal(await status(), 'Online');
});

test('A reinstalled host is a second sensor with the same name; the first stays, silent.', async () => {
  const { get, simulator, clock } = await bench();
  const id = await simulator.act.reinstall(1);
  clock.advance(600_000);
  const rows = (await get('/api/v1/sensor?hostname=WIN7PRO64')).json as { id: number; status: string }[];
  assert.deepEqual(
    rows.map((row) => [row.id, row.status]),
    [
      [1, 'Offline'],
      [2, 'Online'],
      [id, 'Online'],
    ],
  );
});

test('A deleted sensor is gone from every answer.', async () => {
  const { get, put, simulator } = await bench();
  await simulator.act.deleteSensor(1);
  assert.equal((await get('/api/v1/sensor/1')).status, 404);
  assert.equal((await put('/api/v1/sensor/1', { network_isolation_enabled: true })).status, 404);
  assert.deepEqual(ids((await get('/api/v1/sensor')).json), [2]);
});

test('Times are local to the server, with microseconds and an offset.', async () => {
  const { get } = await bench();
  const { json } = await get('/api/v1/sensor/1');
  for (const field of ['last_checkin_time', 'next_checkin_time', 'registration_time', 'last_update']) {
    assert.match(json[field], /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}-06:00$/);
  }
});

test('A reboot gives every process a new GUID and the sensor a new boot id.', async () => {
  const { get, simulator, clock } = await bench();
  const before = await simulator.state();
  await simulator.act.reboot(1);
  clock.advance(90_000);
  const after = await simulator.state();
  const guids = new Set(before.sensors[0]!.processes.map(({ guid }) => guid));
  assert.equal(after.sensors[0]!.processes.length, guids.size);
  assert.ok(after.sensors[0]!.processes.every(({ guid }) => !guids.has(guid)));
  assert.equal((await get('/api/v1/sensor/1')).json.boot_id, '39');
});
