import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCbError } from '../../cb-response/index.js';
import { loopback } from './client-loopback.js';
import { sensorRow } from './client-sensor-fixture.js';

test('The wish is written with the portable two-key body, and nothing else', async (t) => {
  for (const status of [204, 200]) {
    const server = await loopback(t, () => ({ status }));
    await server.client().sensors.setIsolation({ id: 7, groupId: 3 }, true);
    assert.deepEqual(server.calls(), ['PUT /api/v1/sensor/7']);
    assert.deepEqual(server.asked[0]?.body, { network_isolation_enabled: true, group_id: 3 });
  }
});

test('Wish and fact are read apart; a sensor that does not tell one is malformed', async (t) => {
  const row = sensorRow(7, { id: '7', network_isolation_enabled: true, computer_sid: 'x\n', new_in_8: {} });
  const server = await loopback(t, (_, nth) => ({
    body: nth === 1 ? row : { ...row, is_isolating: undefined },
  }));
  const { sensors } = server.client();
  const sensor = await sensors.get(7);
  assert.deepEqual([sensor?.id, sensor?.wish, sensor?.fact, sensor?.online], [7, true, false, true]);
  assert.equal(sensor?.lastCheckin, Date.parse('2018-02-06T18:44:33.883Z'));
  await assert.rejects(sensors.get(7), (e) => isCbError(e, 'malformed') && e.field === 'is_isolating');
});

test('An uninstall that was only ordered leaves the sensor alive', async (t) => {
  const rows = [
    sensorRow(1, { uninstall: true }),
    sensorRow(2, { status: 'Uninstalled' }),
    sensorRow(3, { uninstalled: true }),
  ];
  const server = await loopback(t, () => ({ body: rows }));
  const read = await server.client().sensors.search({ ip: '192.168' });
  assert.deepEqual(
    read.map(({ uninstalled }) => uninstalled),
    [false, true, true],
  );
});

test('The group is an array of one, or the object on the older route', async (t) => {
  const group = { id: 3, name: 'Default', banning_enabled: 'False' };
  const modern = await loopback(t, () => ({ body: [group] }));
  assert.deepEqual(await modern.client().group(3), { id: 3, name: 'Default', banningEnabled: false });
  const older = await loopback(t, ({ path }) =>
    path === '/api/group/3' ? { body: group } : { status: 404 },
  );
  assert.equal((await older.client().group(3))?.name, 'Default');
  const none = await loopback(t, () => ({ status: 404 }));
  assert.equal(await none.client().group(3), null);
});

test('The server is named by host and port, the port always explicit, unless a name is given', async (t) => {
  const server = await loopback(t, () => ({ status: 204 }));
  assert.equal(server.client().serverName, `127.0.0.1:${server.port}`);
  assert.equal(server.client({ url: 'https://CB.example' }).serverName, 'cb.example:443');
  assert.equal(server.client({ serverName: 'prod' }).serverName, 'prod');
});
