import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { isCbError } from '../../cb-response/index.js';
import { loopback } from './client-loopback.js';
import type { Answer, Asked } from './client-loopback.js';
import { sensorRow } from './client-sensor-fixture.js';

type Row = Record<string, unknown>;

/** A server whose hostname filter is a case-sensitive substring of the computer name, with pages on v2. */
function fleet(t: TestContext, rows: Row[], instead: (asked: Asked) => Answer | undefined = () => undefined) {
  const named = (asked: Asked) => {
    const hostname = asked.query.get('hostname') ?? '';
    return rows.filter((row) => String(row['computer_name']).includes(hostname));
  };
  return loopback(t, (asked) => {
    const special = instead(asked);
    if (special !== undefined) return special;
    if (asked.path === '/api/v1/sensor') return { body: named(asked) };
    if (asked.path === '/api/v2/sensor') {
      const [start, size] = [Number(asked.query.get('start')), Number(asked.query.get('rows'))];
      return {
        body: { results: named(asked).slice(start, start + size), total_results: named(asked).length },
      };
    }
    const found = rows.find((row) => asked.path === `/api/v1/sensor/${String(row['id'])}`);
    return found === undefined ? { status: 404, body: 'Sensor not found' } : { body: found };
  });
}

const hours = (n: number): string => `2018-02-06 ${String(n).padStart(2, '0')}:00:00.000000-06:00`;

for (const hostname of ['WIN7PRO64', 'win7pro64', 'Win7Pro64.', 'win7pro64.CORP.example']) {
  test(`'${hostname}' finds WIN7PRO64, and not its look-alikes`, async (t) => {
    const lookAlike = sensorRow(2, { computer_name: 'WIN7PRO64-OLD' });
    const server = await fleet(t, [lookAlike, sensorRow(1)]);
    const match = await server.client().sensors.findExactlyOne({ hostname });
    assert.equal(match.kind === 'one' && match.sensor.id, 1);
    assert.deepEqual([...new Set(server.calls())], ['GET /api/v1/sensor']);
  });
}

test('Two live hosts whose names differ by case only are several, whichever spelling is asked for', async (t) => {
  const linux = sensorRow(3, { computer_name: 'win7pro64', computer_dns_name: 'win7pro64', os_type: 3 });
  const server = await fleet(t, [sensorRow(1), linux]);
  for (const hostname of ['WIN7PRO64', 'win7pro64']) {
    const match = await server.client().sensors.findExactlyOne({ hostname });
    assert.deepEqual(match.kind === 'several' && match.candidates.map((s) => s.id).sort(), [1, 3]);
  }
});

test('A Linux host registered in lower case is found by a case-sensitive filter', async (t) => {
  const linux = sensorRow(3, { computer_name: 'web1', computer_dns_name: 'web1', os_type: 3 });
  const server = await fleet(t, [linux]);
  const match = await server.client().sensors.findExactlyOne({ hostname: 'Web1' });
  assert.equal(match.kind === 'one' && match.sensor.osType, 'linux');
});

test('A name longer than 15 characters is found by its DNS name, never by the cut one alone', async (t) => {
  const rows = ['accounting-pc-01.corp.example', 'accounting-pc-02.corp.example'].map((dns, i) =>
    sensorRow(i + 1, { computer_name: 'ACCOUNTING-PC-0', computer_dns_name: dns }),
  );
  const server = await fleet(t, rows);
  const { sensors } = server.client();
  const full = await sensors.findExactlyOne({ hostname: 'Accounting-PC-02' });
  assert.equal(full.kind === 'one' && full.sensor.id, 2);
  assert.equal(server.asked[0]?.query.get('hostname'), 'ACCOUNTING-PC-0');
  const third = await sensors.findExactlyOne({ hostname: 'accounting-pc-03' });
  assert.deepEqual(third.kind === 'none' && third.nearest.map(({ id }) => id), [1, 2]);
  const cut = await sensors.findExactlyOne({ hostname: 'ACCOUNTING-PC-0' });
  assert.equal(cut.kind === 'several' && cut.candidates.length, 2);
});

test('A fully qualified name of another domain is not the host', async (t) => {
  const server = await fleet(t, [sensorRow(1)]);
  const match = await server.client().sensors.findExactlyOne({ hostname: 'win7pro64.other.example' });
  assert.equal(match.kind, 'none');
});

test('After a reinstall only the live registration counts', async (t) => {
  const dead = sensorRow(1, { status: 'Offline', last_checkin_time: hours(1) });
  const live = sensorRow(2, { last_checkin_time: hours(9), registration_time: hours(3) });
  const gone = sensorRow(3, { uninstalled: true, last_checkin_time: hours(10) });
  const server = await fleet(t, [dead, gone, live]);
  const match = await server.client().sensors.findExactlyOne({ hostname: 'win7pro64' });
  assert.equal(match.kind === 'one' && match.sensor.id, 2);
});

test('Two live machines of one name are refused, and so are two domains', async (t) => {
  const twins = [
    sensorRow(1, { last_checkin_time: hours(8) }),
    sensorRow(2, { last_checkin_time: hours(9) }),
  ];
  const other = sensorRow(3, { status: 'Offline', computer_dns_name: 'win7pro64.other.example' });
  for (const rows of [twins, [sensorRow(1), other]]) {
    const server = await fleet(t, rows);
    const match = await server.client().sensors.findExactlyOne({ hostname: 'win7pro64' });
    assert.equal(match.kind === 'several' && match.candidates.length, 2);
  }
});

test('A host set up anew as Linux in lower case wins over its dead Windows registration', async (t) => {
  const dead = sensorRow(1, { computer_name: 'WEB1', status: 'Offline', last_checkin_time: hours(1) });
  const anew = sensorRow(2, { computer_name: 'web1', os_type: 3, last_checkin_time: hours(9) });
  const server = await fleet(t, [dead, anew]);
  const match = await server.client().sensors.findExactlyOne({ hostname: 'web1' });
  assert.equal(match.kind === 'one' && match.sensor.id, 2);
});

test('Host name and sensor id must agree', async (t) => {
  const server = await fleet(t, [sensorRow(1), sensorRow(2, { computer_name: 'OTHER' })]);
  const { sensors } = server.client();
  const agree = await sensors.findExactlyOne({ hostname: 'win7pro64', sensorId: 1 });
  assert.equal(agree.kind === 'one' && agree.sensor.id, 1);
  assert.equal(server.asked.length, 1);
  const not = await sensors.findExactlyOne({ hostname: 'win7pro64', sensorId: 2 });
  assert.ok(not.kind === 'disagree');
  assert.deepEqual([not.bySensorId?.id, not.byHostname.map(({ id }) => id)], [2, [1]]);
  const byId = await sensors.findExactlyOne({ sensorId: 99 });
  assert.deepEqual(byId, { kind: 'none', visible: true, nearest: [] });
});

test('No sensor at all is told apart from no sensor of that name', async (t) => {
  const empty = await fleet(t, []);
  const unseen = await empty.client().sensors.findExactlyOne({ hostname: 'win7pro64' });
  assert.deepEqual(unseen, { kind: 'none', visible: false, nearest: [] });
  const seen = await fleet(t, [sensorRow(1), sensorRow(2, { computer_name: 'SRV-DB' })]);
  const typo = await seen.client().sensors.findExactlyOne({ hostname: 'win7pr064' });
  assert.deepEqual(typo.kind === 'none' && [typo.visible, typo.nearest[0]?.id], [true, 1]);
});

for (const [name, reply] of [
  ['204', { status: 204 }],
  ['500', { status: 500, body: 'Internal Server Error' }],
] as [string, Answer][]) {
  test(`An answer of ${name} counts as no match`, async (t) => {
    const server = await fleet(t, [sensorRow(1)], ({ path, query }) => {
      return path === '/api/v1/sensor' && query.get('hostname') === 'none' ? reply : undefined;
    });
    assert.deepEqual(await server.client().sensors.search({ hostname: 'none' }), []);
  });
}

test('A 500 counts as no match only when another read works', async (t) => {
  const only = (broken: (asked: Asked) => boolean) =>
    fleet(t, [sensorRow(1)], (asked) => (broken(asked) ? { status: 500 } : undefined));
  const forTheFilter = await only(({ query }) => query.has('hostname'));
  assert.deepEqual(await forTheFilter.client().sensors.search({ hostname: 'X' }), []);
  const once = await only(({ path }) => path === '/api/v1/sensor');
  assert.equal((await once.client().sensors.search({ hostname: 'WIN' })).length, 1);
  const everywhere = await only(() => true);
  await assert.rejects(everywhere.client().sensors.search({ hostname: 'X' }), (e) =>
    isCbError(e, 'unavailable'),
  );
});

for (const status of [400, 500]) {
  test(`More sensors than an unpaged answer may have (${status}) are read by pages`, async (t) => {
    const rows = Array.from({ length: 250 }, (_, i) => sensorRow(i + 1, { computer_name: `WS-${i}` }));
    const body = 'Unpaged request has 1250 results, exceeds limit of 1000. Please consider using paging.';
    const server = await fleet(t, rows, ({ path }) =>
      path === '/api/v1/sensor' ? { status, body } : undefined,
    );
    assert.equal((await server.client().sensors.search({ hostname: 'WS' })).length, 250);
    assert.deepEqual(
      server.asked.slice(1).map(({ query }) => [query.get('start'), query.get('sort.col')]),
      [0, 100, 200].map((start) => [String(start), 'computer_name']),
    );
  });
}
