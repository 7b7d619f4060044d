/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { bench, type Bench } from './simulator-api.js';

type Entry = { pid: number; path: string; proc_guid: string; create_time: number; parent: number };

const formOf = (content: string): FormData => {
  const form = new FormData();
  form.append('file', new Blob([content]), 'hello.txt');
  return form;
};

const list = async ({ command }: Bench, session: string, name: string): Promise<Entry[]> =>
  ((await command(session, { name: 'process list' })).processes as Entry[]).filter(({ path }) =>
    path.endsWith(name),
  );

test('A listed GUID is made of sensor id, pid and creation time as FILETIME.', async () => {
  const b = await bench();
  const [first] = await list(b, await b.session(1), '\\vnc.exe');
  const digits = first!.proc_guid.replaceAll('-', '');
  assert.equal(Number.parseInt(digits.slice(0, 8), 16), 1);
  assert.equal(Number.parseInt(digits.slice(8, 16), 16), first!.pid);
  const created = BigInt(`0x${digits.slice(16)}`) / 10_000_000n - 11_644_473_600n;
  assert.equal(Number(created), first!.create_time);
});

test('Killing a parent leaves its child; a killed process is gone from the next list.', async () => {
  const b = await bench();
  const session = await b.session(1);
  const [parent, child] = await list(b, session, '\\vnc.exe');
  const killed = await b.command(session, { name: 'kill', object: parent!.pid });
  assert.deepEqual([killed.status, killed.result_code], ['complete', 0]);
  assert.deepEqual(await list(b, session, '\\vnc.exe'), [child]);
  const [entry] = await b.effects('killed');
  assert.deepEqual([entry?.guid, entry?.by, entry?.sessionId], [parent!.proc_guid, 'playbook', 1]);
});

test('A pid may be sent as a string, and comes back as it was sent.', async () => {
  const b = await bench();
  const killed = await b.command(await b.session(1), { name: 'kill', object: '2212' });
  assert.deepEqual([killed.status, killed.object], ['complete', '2212']);
});

test('Killing what is gone fails with 0x80070057, what is protected with 0x80070005.', async () => {
  const b = await bench();
  const session = await b.session(1);
  const gone = await b.command(session, { name: 'kill', object: 9_999 });
  assert.deepEqual([gone.status, gone.result_type, gone.result_code], ['error', 'WinHresult', 2147942487]);
  for (const pid of [4, 576, 1300]) {
    const refused = await b.command(session, { name: 'kill', object: pid });
    assert.deepEqual([refused.status, refused.result_code], ['error', 2147942405]);
  }
  assert.equal((await b.effects('kill-failed')).length, 4);
});

test('On Linux and macOS a failed kill has a CbError with an errno.', async () => {
  const b = await bench({ scenario: 'mac-and-linux' });
  for (const id of [41, 42]) {
    const session = await b.session(id);
    const gone = await b.command(session, { name: 'kill', object: 9_999 });
    assert.deepEqual([gone.result_type, gone.result_code], ['CbError', 3]);
    assert.equal((await b.command(session, { name: 'kill', object: 1 })).result_code, 1);
  }
});

test('A kill may be refused, be ignored, or take its time.', async () => {
  const b = await bench({ scenario: 'unkillable' });
  const [denied, ignored, slow] = [await b.session(51), await b.session(52), await b.session(53)];
  assert.equal((await b.command(denied, { name: 'kill', object: 2400 })).result_code, 2147942405);
  assert.equal((await b.command(ignored, { name: 'kill', object: 2400 })).status, 'complete');
  assert.equal((await list(b, ignored, '\\evil.exe')).length, 1);
  assert.equal((await b.command(slow, { name: 'kill', object: 2400 })).status, 'complete');
  assert.equal((await list(b, slow, '\\evil.exe')).length, 1);
  b.clock.advance(3_000);
  assert.equal((await list(b, slow, '\\evil.exe')).length, 0);
});

test('A respawner comes back with a new pid and GUID, as often as it is told to.', async () => {
  const b = await bench({ scenario: 'respawner' });
  const session = await b.session(21);
  const seen = new Set<string>();
  for (let round = 0; round < 5; round++) {
    for (const { pid, proc_guid } of await list(b, session, '\\evil.exe')) {
      seen.add(proc_guid);
      await b.command(session, { name: 'kill', object: pid });
    }
    b.clock.advance(1_000);
  }
  assert.equal(seen.size, 4, 'two at first, and two more');
  assert.deepEqual(await list(b, session, '\\evil.exe'), []);
  assert.equal((await b.effects('process-started')).length, 2);
});

test('Nothing respawns on a host that is down; a reboot starts what ran before.', async () => {
  const b = await bench({ scenario: 'respawner' });
  await b.simulator.act.reboot(22);
  b.clock.advance(59_000);
  const state = async () => (await b.simulator.state()).sensors.find(({ id }) => id === 22)!;
  assert.deepEqual((await state()).processes, []);
  b.clock.advance(1_000);
  assert.equal((await state()).processes.filter(({ path }) => path.endsWith('\\evil.exe')).length, 1);
});

test('An innocent process may get the pid of a dead one, with another GUID.', async () => {
  const b = await bench({ scenario: 'respawner' });
  const session = await b.session(23);
  const [evil] = await list(b, session, '\\evil.exe');
  await b.command(session, { name: 'kill', object: evil!.pid });
  b.clock.advance(100);
  const [innocent] = await list(b, session, '\\notepad.exe');
  assert.equal(innocent!.pid, evil!.pid);
  assert.notEqual(innocent!.proc_guid, evil!.proc_guid);
});

test('A file on disk has the MD5 that the index gives its process.', async () => {
  const b = await bench();
  const session = await b.session(1);
  const { results } = (await b.get('/api/v1/process?q=process_pid:2212')).json;
  const { json } = await b.post(`${session}/command`, { name: 'get file', object: results[0].path });
  assert.equal((await b.get(`${session}/file/${json.file_id}/content`)).status, 404, 'not read yet');
  assert.equal((await b.get(`${session}/command/${json.id}?wait=true`)).json.status, 'complete');
  const answer = await fetch(`${b.simulator.url}${session}/file/${json.file_id}/content`, {
    headers: { 'X-Auth-Token': b.simulator.token },
  });
  assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
  const content = Buffer.from(await answer.arrayBuffer());
  assert.equal(content.length, 48_128);
  assert.equal(createHash('md5').update(content).digest('hex'), results[0].process_md5);
  assert.equal((await b.delete(`${session}/file/${json.file_id}`)).status, 200);
  assert.equal((await b.get(`${session}/file/${json.file_id}/content`)).status, 404);
});

test('A file that is not there fails with 0x80070002.', async () => {
  const b = await bench();
  const done = await b.command(await b.session(1), { name: 'get file', object: 'c:\\nothing.txt' });
  assert.deepEqual([done.status, done.result_code], ['error', 2147942402]);
});

test('A memory dump is a file on Windows after its time, and refused elsewhere; so is the registry everywhere.', async () => {
  const windows = await bench();
  const session = await windows.session(1);
  const before = windows.clock.now();
  const dump = { name: 'memdump', object: 'c:\\windows\\temp\\dump', compress: true };
  const dumped = await windows.command(session, dump);
  assert.deepEqual([dumped.status, dumped.percentdone], ['complete', 100]);
  assert.equal(windows.clock.now() - before, 20_000);
  assert.equal((await windows.effects('file-written'))[0]?.path, `${dump.object}.zip`);
  const other = await bench({ scenario: 'mac-and-linux' });
  const read = await windows.command(session, { name: 'reg enum key', object: 'HKLM\\Software' });
  assert.deepEqual([read.status, read.result_code], ['error', 2147942487]);
  const refused = await other.command(await other.session(41), dump);
  assert.deepEqual([refused.status, refused.result_code], ['error', 22]);
});

test('Files can be put, listed, run and deleted.', async () => {
  const b = await bench();
  const session = await b.session(1);
  const upload = await fetch(`${b.simulator.url}${session}/file`, {
    method: 'POST',
    headers: { 'X-Auth-Token': b.simulator.token },
    body: formOf('hello'),
  });
  const { id } = (await upload.json()) as { id: number };
  const object = 'C:\\Temp\\hello.txt';
  assert.equal((await b.command(session, { name: 'put file', object, file_id: id })).status, 'complete');
  const { files } = await b.command(session, { name: 'directory list', object: 'c:\\temp\\' });
  assert.deepEqual([files[0].filename, files[0].size], ['hello.txt', 5]);
  const started = await b.command(session, {
    name: 'create process',
    object: `${object} /x`,
    wait: true,
  });
  assert.equal(started.return_code, 0);
  assert.equal((await list(b, session, '\\hello.txt'))[0]?.pid, started.pid);
  // Windows deletes no file that runs.
  const inUse = await b.command(session, { name: 'delete file', object });
  assert.deepEqual([inUse.status, inUse.result_code], ['error', 2147942432]);
  const md5 = createHash('md5').update('hello').digest('hex');
  const ran = (await b.effects('process-started')).find((effect) => effect.pid === started.pid);
  assert.equal(ran?.md5, md5);
  await b.command(session, { name: 'kill', object: started.pid });
  assert.equal((await b.command(session, { name: 'delete file', object })).status, 'complete');
  assert.equal((await b.command(session, { name: 'delete file', object })).result_code, 2147942402);
});

test('A program that is not there does not start; on Linux an uploaded one starts after chmod only.', async () => {
  const b = await bench({ scenario: 'mac-and-linux' });
  const session = await b.session(42);
  const upload = await fetch(`${b.simulator.url}${session}/file`, {
    method: 'POST',
    headers: { 'X-Auth-Token': b.simulator.token },
    body: formOf('hello'),
  });
  const { id } = (await upload.json()) as { id: number };
  const start = async (object: string): Promise<unknown> =>
    (await b.command(session, { name: 'create process', object, wait: true })).result_code;
  assert.equal(await start('/tmp/hello'), 2);
  await b.command(session, { name: 'put file', object: '/tmp/hello', file_id: id });
  assert.equal(await start('/tmp/hello'), 1);
  assert.equal(await start('/bin/chmod 755 /tmp/hello'), 0);
  assert.equal(await start('/tmp/hello'), 0);
});

test('A command takes its latency on the clock, one after the other.', async () => {
  const b = await bench();
  const session = await b.session(1);
  await b.post(`${session}/command`, { name: 'process list' });
  await b.post(`${session}/command`, { name: 'process list' });
  b.clock.advance(79);
  assert.equal((await b.get(`${session}/command/1`)).json.status, 'pending');
  b.clock.advance(1);
  assert.equal((await b.get(`${session}/command/1`)).json.status, 'complete');
  assert.equal((await b.get(`${session}/command/2`)).json.status, 'pending');
  b.clock.advance(80);
  assert.equal((await b.get(`${session}/command?status=completed`)).json.length, 2);
});

test('A pending command can be cancelled, and then does nothing.', async () => {
  const b = await bench();
  const session = await b.session(1);
  await b.post(`${session}/command`, { name: 'kill', object: 2212 });
  assert.equal((await b.put(`${session}/command/1`, { id: 1, status: 'cancel' })).json.status, 'cancel');
  b.clock.advance(1_000);
  assert.deepEqual(await b.effects('killed'), []);
});

test('Waiting for a command is cut by the proxy after 60 s.', async () => {
  const b = await bench();
  const session = await b.session(1);
  await b.simulator.act.goOffline(1);
  await b.post(`${session}/command`, { name: 'process list' });
  const before = b.clock.now();
  const answer = await b.get(`${session}/command/1?wait=true`);
  assert.equal(answer.status, 504);
  assert.equal(b.clock.now() - before, 60_000);
});
