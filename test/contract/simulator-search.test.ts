/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench, type Bench } from './simulator-api.js';

const search = (b: Bench, q: string, more = '') =>
  b.get(`/api/v1/process?rows=100&cb.group=id&q=${encodeURIComponent(q)}${more}`);

const pids = async (b: Bench, q: string): Promise<string> =>
  ((await search(b, q)).json.results as { sensor_id: number; process_pid: number }[])
    .map((row) => `${row.sensor_id}:${row.process_pid}`)
    .sort()
    .join(' ');

test('Names and hosts are whole values in any case, unlike the sensor filter.', async () => {
  const b = await bench({ scenario: 'look-alikes' });
  assert.equal(await pids(b, 'process_name:TOOL.exe'), '11:2000 12:2000 13:2000');
  assert.equal(await pids(b, 'process_name:tool.exe hostname:WEB1'), '12:2000');
  assert.equal(await pids(b, 'process_name:*tool.exe hostname:web1'), '12:2000 12:2008');
  assert.equal(await pids(b, 'process_name:t??l.exe hostname:web1'), '12:2000');
});

test('Terms are joined by blank, AND, OR, minus and parentheses.', async () => {
  const b = await bench();
  assert.equal(await pids(b, 'process_name:vnc.exe sensor_id:1'), '1:2212 1:3048');
  assert.equal(await pids(b, 'process_name:vnc.exe AND -sensor_id:1'), '2:1996');
  assert.equal(await pids(b, 'process_pid:2212 or (process_pid:3048 AND sensor_id:1)'), '1:2212 1:3048');
  assert.equal(await pids(b, 'process_name:(vnc.exe OR stikynot.exe) sensor_id:1'), '1:2212 1:2480 1:3048');
  assert.equal(await pids(b, 'process_name:vnc.exe -(process_pid:2212 OR process_pid:3048)'), '2:1996');
});

test('Paths match by folders; quotes and backslashes are understood.', async () => {
  const b = await bench();
  const both = '1:2212 1:3048';
  assert.equal(await pids(b, 'path:"c:\\\\program files\\\\evil sticky notes\\\\vnc.exe"'), both);
  assert.equal(await pids(b, 'path:"c:\\program files\\evil sticky notes\\vnc.exe"'), both);
  assert.equal(await pids(b, 'path:evil\\ sticky\\ notes'), both);
  assert.equal(await pids(b, 'path:sticky'), '');
  assert.equal(await pids(b, 'process_name:"vnc.exe" path:realvnc'), '2:1996');
});

test('A process is found by GUID and by MD5.', async () => {
  const b = await bench();
  const [row] = (await search(b, 'process_pid:2212')).json.results;
  assert.equal(await pids(b, `process_id:${row.id}`), '1:2212');
  assert.equal(await pids(b, `process_md5:${row.process_md5.toUpperCase()}`), '1:2212 1:3048');
  assert.equal(await pids(b, `md5:(${row.process_md5} OR ${'0'.repeat(32)}) sensor_id:1`), '1:2212 1:3048');
});

test('What is malformed is answered 400 with a reason.', async () => {
  const b = await bench();
  for (const q of [
    'process_name:(',
    'process_name:"x',
    ')',
    'process_name:',
    'a OR',
    'nonsense:1',
    'nonsense:1 sensor_id:999',
    'constructor:1',
    'path:[1',
  ]) {
    const answer = await search(b, q);
    assert.deepEqual([answer.status, answer.json.reason], [400, 'query_malformed_syntax'], q);
  }
});

test('A POST with array values is the same search.', async () => {
  const b = await bench();
  const body = { q: ['process_name:vnc.exe'], rows: 1, start: 1, 'cb.group': ['id'], sort: 'start asc' };
  const { json } = await b.post('/api/v1/process', body);
  assert.deepEqual([json.total_results, json.start, json.results.length], [3, 1, 1]);
});

test('A process is searchable only after the lag, and its end as well.', async () => {
  const b = await bench();
  const guid = await b.simulator.act.startProcess(1, { path: 'c:\\new\\thing.exe' });
  b.clock.advance(59_999);
  assert.equal(await pids(b, 'process_name:thing.exe'), '');
  b.clock.advance(1);
  assert.notEqual(await pids(b, 'process_name:thing.exe'), '');
  await b.simulator.act.endProcess(guid);
  const terminated = async () =>
    (await search(b, 'process_name:thing.exe')).json.results[0].terminated as boolean;
  assert.equal(await terminated(), false);
  b.clock.advance(60_000);
  assert.equal(await terminated(), true);
});

test('What happens on an offline host is searchable only after it came online, plus the lag.', async () => {
  const b = await bench({ scenario: 'offline-host' });
  b.clock.advance(259_200_000 + 59_000);
  assert.equal(await pids(b, 'process_name:evil.exe sensor_id:31'), '');
  b.clock.advance(1_000);
  assert.equal(await pids(b, 'process_name:evil.exe sensor_id:31'), '31:2400');
  assert.equal(await pids(b, 'process_name:evil.exe sensor_id:32'), '', 'this one never came');
});

test('A test may let the index catch up at once, and only for one process.', async () => {
  const b = await bench({ knobs: { indexLag: '15min' } });
  const first = await b.simulator.act.startProcess(1, { path: 'c:\\new\\one.exe' });
  await b.simulator.act.startProcess(1, { path: 'c:\\new\\two.exe' });
  await b.simulator.act.indexNow(first);
  assert.notEqual(await pids(b, 'process_name:one.exe'), '');
  assert.equal(await pids(b, 'process_name:two.exe'), '');
});

test('Rows are capped and paged; a count needs none.', async () => {
  const b = await bench({ knobs: { maxSearchResultRows: 5 } });
  const all = (await b.get('/api/v1/process?rows=9999')).json;
  assert.equal(all.results.length, 5);
  assert.ok(all.total_results > 5);
  const ids = new Set<string>();
  for (let start = 0; ; start += 5) {
    const { results } = (await b.get(`/api/v1/process?rows=5&start=${start}&sort=start asc`)).json;
    if (results.length === 0) break;
    for (const row of results) ids.add(row.unique_id);
  }
  assert.equal(ids.size, all.total_results);
  assert.deepEqual((await b.get('/api/v1/process?rows=0')).json.results, []);
});

test('Placeholders with pid -1 are among the rows.', async () => {
  const b = await bench();
  const { results } = (await search(b, 'process_name:*unknown*')).json;
  assert.ok(results.length > 0);
  assert.ok(results.every((row: { id: string; process_pid: number }) => /ffff-ffff/.test(row.id)));
});

test('Facets count rows by value.', async () => {
  const b = await bench();
  const { facets } = (
    await search(b, 'process_name:vnc.exe', '&facet=true&facet.field=hostname&facet.field=process_name')
  ).json;
  assert.deepEqual(facets.hostname, [
    { ratio: '66.7', percent: 100, name: 'win7pro64', value: 2 },
    { ratio: '33.3', percent: 50, name: 'win7pro64-2', value: 1 },
  ]);
  assert.equal(facets.process_name[0].value, 3);
});

test('Binaries: who signed them, where they were seen, on how many hosts.', async () => {
  const b = await bench();
  const [row] = (await search(b, 'process_pid:2212')).json.results;
  const { json } = await b.get(`/api/v1/binary/${row.process_md5}/summary`);
  assert.deepEqual([json.md5, json.signed, json.host_count], [row.process_md5.toUpperCase(), 'Unsigned', 1]);
  assert.deepEqual(json.endpoint, ['WIN7PRO64|1']);
  assert.deepEqual(json.observed_filename, [row.path]);
  const [system] = (await search(b, 'process_name:lsass.exe')).json.results;
  const lsass = (await b.get(`/api/v1/binary/${system.process_md5}/summary`)).json;
  assert.deepEqual(
    [lsass.signed, lsass.digsig_publisher, lsass.host_count],
    ['Signed', 'Microsoft Corporation', 2],
  );
  assert.equal((await b.get(`/api/v1/binary/${'A'.repeat(32)}/summary`)).status, 404);
  const count = await b.get(`/api/v1/process/host/count?cb.freqver=1&name=md5&md5=${row.process_md5}`);
  assert.deepEqual([count.json.hostCount, count.json.processCount], [1, 2]);
});
