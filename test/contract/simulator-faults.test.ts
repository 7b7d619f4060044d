/* eslint-disable @typescript-eslint/no-unsafe-member-access
   -- answers of many shapes are read field by field; what is not there fails its assertion */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench } from './simulator-api.js';

const sensor = '/api/v1/sensor/1';
const wish = { network_isolation_enabled: true, group_id: 1 };

test('A status fault answers with its body and headers, as often as it was told, and does not act.', async () => {
  const { put, simulator, effects } = await bench();
  const fault = simulator.faults.add({
    method: 'PUT',
    route: '/api/v1/sensor/:id',
    times: 2,
    kind: { status: 503, body: 'busy', headers: { 'Retry-After': '7' } },
  });
  const first = await put(sensor, wish);
  assert.deepEqual([first.status, first.text, first.headers.get('retry-after')], [503, 'busy', '7']);
  assert.equal((await put(sensor, wish)).status, 503);
  assert.deepEqual(await effects('wish-set'), []);
  assert.equal((await put(sensor, wish)).status, 204);
  assert.equal(fault.hits(), 2);
  assert.deepEqual(
    simulator.journal().map(({ status, fault }) => [status, fault]),
    [
      [503, 'status 503'],
      [503, 'status 503'],
      [204, null],
    ],
  );
});

test('A status fault whose answer is held does not act meanwhile, nor when its line is cut or the client dies.', async () => {
  const { put, simulator, effects } = await bench();
  simulator.faults.add({ route: '/api/v1/sensor/:id', kind: { status: 405, body: 'no' } });
  for (const end of ['release', 'cut'] as const) {
    const hold = simulator.hold({ route: '/api/v1/sensor/:id', when: 'after' });
    const asked = put(sensor, wish).then(({ status }) => status);
    await hold.arrived;
    await new Promise((resolve) => setTimeout(resolve, 20));
    hold[end]();
    if (end === 'release') assert.equal(await asked, 405);
    else await assert.rejects(asked, { name: 'TypeError' });
  }
  const hold = simulator.hold({ route: '/api/v1/sensor/:id', when: 'after' });
  const client = new AbortController();
  const asked = fetch(`${simulator.url}${sensor}`, {
    method: 'PUT',
    body: JSON.stringify(wish),
    headers: { 'x-auth-token': simulator.token, 'content-type': 'application/json' },
    signal: client.signal,
  });
  await hold.arrived;
  client.abort();
  await assert.rejects(asked, { name: 'AbortError' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  hold.cut();
  assert.deepEqual(await effects('wish-set'), []);
});

test('A cut destroys the connection before anything happens; act-then-cut afterwards.', async () => {
  const { put, simulator, effects } = await bench();
  simulator.faults.add({ kind: 'cut', times: 1 });
  await assert.rejects(put(sensor, wish), { name: 'TypeError' });
  assert.deepEqual(await effects('wish-set'), []);
  simulator.faults.add({ kind: 'act-then-cut', times: 1 });
  await assert.rejects(put(sensor, wish), { name: 'TypeError' });
  assert.equal((await effects('wish-set')).length, 1);
  assert.deepEqual(
    simulator.journal().map(({ status }) => status),
    ['cut', 'cut'],
  );
});

test('A malformed answer has acted, says 200, and is no JSON; a 502 is a page of the proxy.', async () => {
  const { get, post, simulator, effects } = await bench();
  simulator.faults.add({ kind: 'malformed', times: 1 });
  const broken = await post('/api/v1/cblr/session', { sensor_id: 1 });
  assert.deepEqual([broken.status, broken.json], [200, undefined]);
  assert.equal((await effects('session-opened')).length, 1);
  simulator.faults.add({ kind: 'html-502', times: 1 });
  const page = await get('/api/info');
  assert.equal(page.status, 502);
  assert.match(page.text, /502 Bad Gateway/);
});

test('A delay passes on the clock before the request acts.', async () => {
  const { put, simulator, clock, start, effects } = await bench();
  simulator.faults.add({ kind: { delayMs: 5_000 } });
  await put(sensor, wish);
  assert.equal(clock.now() - start, 5_000);
  assert.equal((await effects('wish-set'))[0]?.at, start + 5_000);
});

test('A fault may be for the nth request of its kind, by its body, and be taken away.', async () => {
  const { post, simulator } = await bench({ scenario: { name: 'fleet', sensors: [], fillerSensors: 5 } });
  const open = async (id: number) => (await post('/api/v1/cblr/session', { sensor_id: id })).status;
  simulator.faults.add({ route: /\/session$/, nth: 2, kind: { status: 500 } });
  assert.deepEqual([await open(1), await open(2), await open(3)], [200, 500, 200]);
  const bodily = simulator.faults.add({ bodyIncludes: { sensor_id: 5 }, kind: { status: 500 } });
  assert.deepEqual([await open(4), await open(5)], [200, 500]);
  bodily.remove();
  assert.equal(await open(5), 200);
});

test('A held request waits before or after it acts, until it is released or cut.', async () => {
  const { put, simulator, effects } = await bench();
  const before = simulator.hold({ route: 'PUT /api/v1/sensor/:id', when: 'before' });
  const first = put(sensor, wish);
  assert.equal((await before.arrived).route, 'PUT /api/v1/sensor/:id');
  assert.deepEqual(await effects('wish-set'), []);
  before.release();
  assert.equal((await first).status, 204);

  const after = simulator.hold({ method: 'PUT', when: 'after' });
  const second = put(sensor, { ...wish, network_isolation_enabled: false });
  const failed = assert.rejects(second, { name: 'TypeError' });
  await after.arrived;
  assert.equal((await effects('wish-cleared')).length, 1);
  after.cut();
  await failed;
  assert.equal((await put(sensor, wish)).status, 204, 'a hold is for one request');
});

test('A request that is cut while held never acts.', async () => {
  const { put, simulator, effects } = await bench();
  const hold = simulator.hold({ when: 'before' });
  const failed = assert.rejects(put(sensor, wish), { name: 'TypeError' });
  await hold.arrived;
  hold.cut();
  await failed;
  assert.deepEqual(await effects('wish-set'), []);
});

test('Observers are awaited before and after each request, with its status after.', async () => {
  const { put, get, simulator, clock } = await bench();
  const seen: unknown[] = [];
  const end = simulator.observe(async ({ phase, entry }) => {
    await clock.sleep(1_000);
    seen.push([phase, entry.route, entry.status]);
  });
  await put(sensor, wish);
  end();
  await get(sensor);
  assert.deepEqual(seen, [
    ['before', 'PUT /api/v1/sensor/:id', 0],
    ['after', 'PUT /api/v1/sensor/:id', 204],
  ]);
});

test('An unknown route is nginx’s 404, a loud line, and in the journal as unknown.', async () => {
  const lines: string[] = [];
  const { get, simulator } = await bench({ log: (line) => lines.push(line) });
  const answer = await get('/api/v9/nothing?x=1');
  assert.deepEqual([answer.status, answer.text.startsWith('<html>')], [404, true]);
  assert.match(lines.join(), /UNKNOWN ROUTE GET \/api\/v9\/nothing/);
  assert.deepEqual(
    simulator.unknownRoutes().map(({ route }) => route),
    ['GET /api/v9/nothing'],
  );
});

test('A wrong or revoked token is 401, and acts on nothing; the token is in no journal.', async () => {
  const { put, get, simulator, effects } = await bench();
  const wrong = await fetch(`${simulator.url}${sensor}`, {
    method: 'PUT',
    headers: { 'X-Auth-Token': 'no' },
  });
  assert.equal(wrong.status, 401);
  await simulator.act.revokeToken();
  assert.equal((await put(sensor, wish)).status, 401);
  assert.equal((await get('/api/info')).status, 401);
  assert.deepEqual(await effects('wish-set'), []);
  assert.ok(!JSON.stringify(simulator.journal()).includes(simulator.token));
});

test('Without a right actions are 405 and lists are empty.', async () => {
  const rights = { view: false, isolate: false, ban: false, liveResponse: false };
  const { get, put, post } = await bench({ knobs: { rights } });
  const bans = '/api/v1/banning/blacklist';
  for (const list of ['/api/v1/sensor', '/api/v1/cblr/session', bans]) {
    assert.deepEqual((await get(list)).json, [], list);
  }
  assert.deepEqual((await get('/api/v1/process')).json.results, []);
  assert.equal((await put(sensor, wish)).status, 405);
  assert.equal((await post('/api/v1/cblr/session', { sensor_id: 1 })).status, 405);
  assert.equal((await post(bans, { md5hash: 'a'.repeat(32), text: '' })).status, 405);
});

test('The journal holds method, path, query, body and template.', async () => {
  const { get, put, simulator, start } = await bench();
  await get('/api/v1/sensor?hostname=A&hostname=B&groupid=1');
  await put(sensor, wish);
  const [list, change] = simulator.journal();
  assert.deepEqual(JSON.parse(JSON.stringify(list?.query)), { hostname: ['A', 'B'], groupid: '1' });
  assert.deepEqual(change, {
    n: 2,
    at: start,
    method: 'PUT',
    path: sensor,
    query: change?.query,
    body: wish,
    route: 'PUT /api/v1/sensor/:id',
    status: 204,
    fault: null,
    unknown: false,
  });
});

test('Closing lets nobody hang: held requests are cut.', async () => {
  const { get, simulator } = await bench();
  const hold = simulator.hold({ when: 'before' });
  const failed = assert.rejects(get('/api/info'), { name: 'TypeError' });
  await hold.arrived;
  await simulator.close();
  await failed;
});
