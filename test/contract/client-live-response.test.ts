import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCbError } from '../../cb-response/index.js';
import type { CbErrorKind } from '../../cb-response/index.js';
import { loopback } from './client-loopback.js';
import type { Answer } from './client-loopback.js';

function session(id: number, sensorId: unknown, status = 'active'): Record<string, unknown> {
  const supported_commands = status === 'active' ? ['kill', 'process list'] : [];
  return {
    id,
    sensor_id: sensorId,
    hostname: 'H',
    status,
    create_time: 1517942461.155622,
    supported_commands,
  };
}

const command = (fields: Record<string, unknown>) => ({
  id: 4,
  session_id: 1,
  name: 'process list',
  object: null,
  status: 'complete',
  username: 'analyst',
  ...fields,
});

test('Sessions are read with ids in strings and status words in any case', async (t) => {
  const server = await loopback(t, () => ({ body: [session(1, '7', 'ACTIVE'), session(2, 8, 'pending')] }));
  const sessions = await server.client().liveResponse.sessions();
  assert.deepEqual(
    sessions.map(({ sensorId, status }) => [sensorId, status]),
    [
      [7, 'active'],
      [8, 'pending'],
    ],
  );
  assert.equal(sessions[0]?.createTime, 1517942461156);
  assert.equal(server.asked[0]?.query.get('active_only'), 'true');
});

test('Opening sends the limit for the check-in, spelled as requests spell it', async (t) => {
  const server = await loopback(t, () => ({ body: session(1, 7, 'pending') }));
  assert.equal((await server.client().liveResponse.open(7, { checkinTimeoutS: 59.2 })).status, 'pending');
  assert.deepEqual(server.asked[0]?.body, { sensor_id: 7, checkin_timeout: 60 });
});

const full = Array.from({ length: 10 }, (_, i) => session(i + 1, 100 + i));
const refusals: [string, Answer, unknown[], CbErrorKind, number | null][] = [
  [
    '409 with words of a limit',
    { status: 409, body: 'Maximum number of sessions reached' },
    [],
    'too-many-sessions',
    null,
  ],
  ['500 with words of a limit', { status: 500, body: 'Too many sessions' }, [], 'too-many-sessions', null],
  ['503 without words, ten taken', { status: 503 }, full, 'too-many-sessions', null],
  ['404 without words, ten taken', { status: 404 }, full, 'too-many-sessions', null],
  ['503 without words, slots free', { status: 503 }, [session(1, 100)], 'unavailable', null],
  ['404 of an unknown sensor', { status: 404, body: 'Sensor 7 not found' }, [], 'not-found', null],
  [
    '404 while one stands',
    { status: 404, body: 'Not found' },
    [session(5, '7', 'pending')],
    'second-session',
    5,
  ],
  [
    '404 that says so',
    { status: 404, body: 'A session for sensor 7 already exists' },
    [],
    'second-session',
    null,
  ],
  ['409 while a closed one is listed', { status: 409 }, [session(5, 7, 'close')], 'too-many-sessions', null],
  [
    '500 of 7.3.0',
    { status: 500, body: "Unhandled exception: local variable '_session' referenced" },
    [],
    'unavailable',
    null,
  ],
];
for (const [name, refusal, standing, kind, sessionId] of refusals) {
  test(`Opening refused by ${name} is '${kind}'`, async (t) => {
    const server = await loopback(t, ({ method }) => (method === 'POST' ? refusal : { body: standing }));
    await assert.rejects(server.client().liveResponse.open(7), (e) => {
      assert.ok(isCbError(e, kind), String(e));
      assert.equal(e.sessionId, sessionId);
      return true;
    });
    assert.equal(server.calls().filter((call) => call.startsWith('POST')).length, 1);
  });
}

for (const [name, gone] of [
  ['text', { status: 404, body: 'Session 5 not found' }],
  ['JSON', { status: 404, body: { status: 'NOT_FOUND', reason: 'x' } }],
  ['HTML', { status: 404, body: '<html><title>404 Not Found</title></html>' }],
  ['a 200', { body: { status: 'NOT_FOUND' } }],
] as [string, Answer][]) {
  test(`A session that is gone, said in ${name}, is an answer and no error`, async (t) => {
    const server = await loopback(t, () => gone);
    const { liveResponse } = server.client();
    assert.equal(await liveResponse.session(5), null);
    assert.equal(await liveResponse.keepalive(5), 'gone');
    assert.equal(await liveResponse.close(5), 'gone');
    assert.equal(await liveResponse.command(5, 1), null);
  });
}

test('A command posted to a session that is gone fails with not-found', async (t) => {
  const server = await loopback(t, () => ({ status: 404, body: 'Session 5 not found' }));
  const { liveResponse } = server.client();
  await assert.rejects(liveResponse.postCommand(5, { name: 'process list' }), (e) =>
    isCbError(e, 'not-found'),
  );
  await assert.rejects(liveResponse.commands(5), (e) => isCbError(e, 'not-found'));
});

test('Closing sends the short body; keepalive tells a session that the server just closed', async (t) => {
  const server = await loopback(t, ({ path }) => ({
    body: session(5, 7, path.endsWith('keepalive') ? 'close' : 'active'),
  }));
  const { liveResponse } = server.client();
  assert.equal(await liveResponse.close(5), 'closed');
  assert.deepEqual(server.asked[0]?.body, { id: 5, status: 'close' });
  assert.equal(await liveResponse.keepalive(5), 'gone');
});

test('A process list and a failed kill are read', async (t) => {
  const processes = [
    {
      pid: '340',
      parent: 4,
      proc_guid: '00000001-0000-0154-01D3-8BC59134AFE6',
      parent_guid: '00000001-0000-0004-01d3-8bc591076338',
      path: 'c:\\windows\\system32\\smss.exe',
      command_line: null,
      create_time: 1515775878,
      sid: 's-1-5-18',
      username: 'NT AUTHORITY\\SYSTEM',
    },
  ];
  const failed = {
    name: 'kill',
    object: 340,
    status: 'error',
    result_code: -2147024809,
    result_type: 'WinHresult',
  };
  const server = await loopback(t, ({ method }) => ({
    body: method === 'POST' ? command(failed) : command({ processes, completion: 1517942688.8638439 }),
  }));
  const { liveResponse } = server.client();
  const list = await liveResponse.command(1, 4);
  assert.equal(list?.completion, 1517942688864);
  assert.deepEqual(list?.processes, [
    {
      guid: '00000001-0000-0154-01d3-8bc59134afe6',
      pid: 340,
      parentPid: 4,
      parentGuid: '00000001-0000-0004-01d3-8bc591076338',
      path: 'c:\\windows\\system32\\smss.exe',
      commandLine: '',
      username: 'NT AUTHORITY\\SYSTEM',
      sid: 's-1-5-18',
      createTime: 1515775878,
    },
  ]);
  const kill = await liveResponse.postCommand(1, { name: 'kill', object: 340 });
  assert.deepEqual([kill.status, kill.resultCode, kill.object], ['error', 2147942487, 340]);
  assert.deepEqual(server.asked[1]?.body, { session_id: 1, name: 'kill', object: 340 });
});

test('A blank at the end of a path is kept: it is another file', async (t) => {
  const proc_guid = '00000001-0000-0154-01d3-8bc59134afe6';
  const server = await loopback(t, () => ({
    body: command({ processes: [{ pid: 1, proc_guid, path: '/tmp/sshd ' }] }),
  }));
  assert.equal((await server.client().liveResponse.command(1, 4))?.processes?.[0]?.path, '/tmp/sshd ');
});

test('A held command that the front end cuts with 504 is read as it stands', async (t) => {
  const server = await loopback(t, ({ query }) =>
    query.get('wait') === 'true'
      ? { status: 504, body: '<html></html>' }
      : { body: command({ status: 'in progress' }) },
  );
  const read = await server.client().liveResponse.command(1, 4, { wait: true });
  assert.equal(read?.status, 'in progress');
  assert.equal(server.asked.length, 2);
});

test('A malformed process names the very field', async (t) => {
  const server = await loopback(t, () => ({ body: command({ processes: [{ pid: 1, proc_guid: null }] }) }));
  await assert.rejects(server.client().liveResponse.command(1, 4), (e) => {
    return (
      isCbError(e, 'malformed') && /processes.*proc_guid/.test(e.field ?? '') && /found null/.test(e.message)
    );
  });
});
