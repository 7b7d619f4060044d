/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '../../simulator/index.js';
import { bench } from './simulator-api.js';

test('A 7.5 server takes the portable body and refuses the whole sensor; older ones take both.', async () => {
  for (const profile of ['5.2', '6.2', '7.5'] satisfies Profile[]) {
    const { get, put } = await bench({ profile });
    const { json } = await get('/api/v1/sensor/1');
    const portable = { network_isolation_enabled: true, group_id: json.group_id };
    assert.equal((await put('/api/v1/sensor/1', portable)).status, 204);
    const whole = await put('/api/v1/sensor/1', { ...json, event_log_flush_time: null });
    assert.equal(whole.status, profile === '7.5' ? 400 : 204);
  }
});

test('Only a 7.5 server honours active_only; the others list recently ended sessions too.', async () => {
  for (const profile of ['5.2', '6.2', '7.5'] satisfies Profile[]) {
    const { get, put, session } = await bench({ profile });
    await put(await session(1), { status: 'close' });
    const { json } = await get('/api/v1/cblr/session?active_only=true');
    assert.equal(json.length, profile === '7.5' ? 0 : 1);
  }
});

test('A process has a row per segment from 6 on, one row before; unique ids grow longer.', async () => {
  for (const profile of ['5.2', '6.2', '7.5'] satisfies Profile[]) {
    const { get } = await bench({ profile });
    const { json } = await get('/api/v1/process?q=process_pid:2212');
    const old = profile === '5.2';
    assert.equal(json.total_results, old ? 1 : 3);
    assert.equal(json.results[0].unique_id.length, old ? 45 : 49);
    assert.equal('terminated' in json.results[0], !old);
    assert.equal('process_sha256' in json.results[0], profile === '7.5');
    assert.equal(json.results[0].hostname, old ? 'WIN7PRO64' : 'win7pro64');
  }
});

test('A process is read at segment 1 on 5.x and at 0 afterwards.', async () => {
  for (const [profile, segment] of [
    ['5.2', 3],
    ['6.2', 0],
    ['7.5', 0],
  ] satisfies [Profile, number][]) {
    const { get } = await bench({ profile });
    const [row] = (await get('/api/v1/process?q=process_pid:2212')).json.results;
    const found = await get(`/api/v1/process/${row.id}/${profile === '5.2' ? 1 : 0}`);
    assert.equal(found.json.process.id, row.id);
    assert.equal(found.json.parent.process_name, 'explorer.exe');
    assert.deepEqual(
      found.json.children.map((child: { process_pid: number }) => child.process_pid),
      [3048],
    );
    assert.equal((await get(`/api/v1/process/${row.id}/99`)).status, 404);
    assert.equal((await get(`/api/v2/process/${row.id}/${segment}`)).json.id, row.id);
  }
});

test('A 7.5 server sends fields that older ones do not know, and a newline after a Linux machine id.', async () => {
  const modern = await bench({ scenario: 'mac-and-linux', profile: '7.5' });
  const linux = (await modern.get('/api/v1/sensor/42')).json;
  assert.ok(linux.computer_sid.endsWith('\n'));
  assert.ok(linux.network_adapters.startsWith('127.0.0.1,000000000000|'));
  assert.equal(linux.emet_version, null);
  assert.equal(typeof linux.last_server_cert_id, 'number');
  const old = await bench({ scenario: 'mac-and-linux', profile: '6.2' });
  assert.equal(Object.keys((await old.get('/api/v1/sensor/42')).json).length, 51);
});

test('A 5.2 server has no storage partitions: nginx says so.', async () => {
  const { get } = await bench({ profile: '5.2' });
  const answer = await get('/api/v1/storage/events/partition');
  assert.equal(answer.status, 404);
  assert.match(answer.text, /^<html>/);
});
