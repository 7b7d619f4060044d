import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCbError } from '../../cb-response/index.js';
import { sensorRow } from './client-sensor-fixture.js';
import { loopback } from './client-loopback.js';

const guid = (pid: number): string => `00000007-0000-${pid.toString(16).padStart(4, '0')}-01d3-8bc591076338`;

function row(pid: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: guid(pid),
    segment_id: 1,
    process_name: 'vnc.exe',
    path: 'c:\\evil\\vnc.exe',
    cmdline: 'vnc.exe -x',
    process_md5: '0c1a1f0d57e42b5a4e86b1b5b2d1c3aa',
    sensor_id: 7,
    hostname: 'win7pro64',
    process_pid: pid,
    parent_id: guid(4),
    username: 'CORP\\bob',
    start: '2018-02-06T12:25:37.19Z',
    terminated: false,
    ...fields,
  };
}

const envelope = (results: unknown[], fields: Record<string, unknown> = {}) => ({
  results,
  total_results: results.length,
  incomplete_results: false,
  ...fields,
});

test('Segments become one row a process, placeholders are dropped, look-alikes too', async (t) => {
  const rows = [
    row(5, { process_md5: '0'.repeat(32) }),
    row(5, { terminated: true }),
    row(6, { id: `${guid(6)}-0161abcdef01` }),
    row(-1, { id: '00000007-ffff-ffff-0000-000000000000' }),
    row(8, { process_name: 'tightvnc.exe' }),
  ];
  const server = await loopback(t, () => ({ body: envelope(rows) }));
  const found = await server.client().processes.byName('VNC.exe', { sensorId: 7 });
  assert.deepEqual(
    found.rows.map(({ guid: id, md5, terminated }) => [id, md5, terminated]),
    [
      [guid(5), '0C1A1F0D57E42B5A4E86B1B5B2D1C3AA', true],
      [guid(6), '0C1A1F0D57E42B5A4E86B1B5B2D1C3AA', false],
    ],
  );
  assert.equal(server.asked[0]?.query.get('q'), 'process_name:"VNC.exe" sensor_id:7');
});

test('All pages are read, by what came and not by what was asked; the total may lie', async (t) => {
  const all = Array.from({ length: 25 }, (_, i) => row(i + 5));
  const server = await loopback(t, ({ query }) => {
    const start = Number(query.get('start'));
    return { body: envelope(all.slice(start, start + 10), { total_results: 40 }) };
  });
  const found = await server.client().processes.byName('vnc.exe');
  assert.equal(found.rows.length, 25);
  assert.equal(found.incomplete, false);
  assert.deepEqual(
    server.asked.map(({ query }) => query.get('start')),
    ['0', '10', '20', '25'],
  );
});

test('Incomplete results are told, for nothing may be concluded from them', async (t) => {
  const server = await loopback(t, () => ({ body: envelope([], { incomplete_results: true }) }));
  assert.deepEqual(await server.client().processes.byName('vnc.exe'), { rows: [], incomplete: true });
});

test('By MD5, either case', async (t) => {
  const server = await loopback(t, () => ({
    body: envelope([row(5), row(6, { process_md5: 'f'.repeat(32) })]),
  }));
  const { processes } = server.client();
  const found = await processes.byMd5('0C1A1F0D57E42B5A4E86B1B5B2D1C3AA', { sensorId: 7 });
  assert.deepEqual(
    found.rows.map(({ pid }) => pid),
    [5],
  );
  await assert.rejects(processes.byMd5('vnc.exe'), (e) => isCbError(e, 'refused'));
  assert.equal(server.asked.length, 1);
});

test('By GUID on either generation of servers', async (t) => {
  const modern = await loopback(t, () => ({ body: { process: row(5), parent: {}, children: [] } }));
  assert.equal((await modern.client().processes.byGuid(guid(5)))?.pid, 5);
  assert.deepEqual(modern.calls(), [`GET /api/v1/process/${guid(5)}/0`]);
  const old = await loopback(t, ({ path }) =>
    path.endsWith('/1') ? { body: { process: row(5) } } : { status: 404 },
  );
  assert.equal((await old.client().processes.byGuid(guid(5).toUpperCase()))?.pid, 5);
  const neither = await loopback(t, () => ({ status: 404, body: 'no such process' }));
  assert.equal(await neither.client().processes.byGuid(guid(5)), null);
});

test('The answer for another GUID is not taken for this one', async (t) => {
  const server = await loopback(t, () => ({ body: { process: row(6) } }));
  assert.equal(await server.client().processes.byGuid(guid(5)), null);
});

test('A binary is known or not, its signature a word, its names one or many', async (t) => {
  const server = await loopback(t, (_, nth) =>
    nth === 1
      ? {
          body: {
            md5: 'A'.repeat(32),
            signed: 'Unsigned',
            host_count: '3',
            server_added_timestamp: '2018-02-06T12:44:33.883Z',
            observed_filename: 'c:\\evil\\vnc.exe',
          },
        }
      : nth === 2
        ? { status: 404 }
        : { body: { hostCount: 3, globalCount: 9 } },
  );
  const { binaries } = server.client();
  const known = await binaries.summary('a'.repeat(32));
  assert.deepEqual(
    [known?.md5, known?.signed, known?.publisher, known?.hostCount, known?.names],
    ['A'.repeat(32), 'Unsigned', null, 3, ['c:\\evil\\vnc.exe']],
  );
  assert.equal(known?.firstSeen, Date.UTC(2018, 1, 6, 12, 44, 33, 883));
  assert.equal(await binaries.summary('b'.repeat(32)), null);
  assert.equal(await binaries.hostCount('a'.repeat(32)), 3);
});

test('The size of the fleet is one request, and the whole list where the server knows no pages', async (t) => {
  const asked: string[] = [];
  const server = await loopback(t, ({ path, query }, nth) => {
    asked.push(`${path}?rows=${query.get('rows') ?? ''}`);
    if (nth === 1) return { body: { total_results: 4711, results: [] } };
    return nth === 2 ? { status: 404 } : { body: [sensorRow(1), sensorRow(2)] };
  });
  assert.equal(await server.client().sensors.count(), 4711);
  assert.equal(await server.client().sensors.count(), 2);
  assert.deepEqual(asked, ['/api/v2/sensor?rows=0', '/api/v2/sensor?rows=0', '/api/v1/sensor?rows=']);
});
