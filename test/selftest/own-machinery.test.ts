import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMarker, makeMarker, markerPath, md5Of, recipeFor } from '../../cli/selftest/marker.js';
import type { PutBack, SelftestReceipt } from '../../cli/selftest/receipt.js';
import { leftBy } from '../../proof/selftest/left.js';
import type { LedgerEntry, SimulatorState } from '../../simulator/index.js';

const program = Buffer.from('MZ a program');
const marker = makeMarker({ program, random: Buffer.alloc(48, 7), id: 'ab12', path: 'c:\\t\\x.exe' });

test('A marker is the program with bytes behind it, and has a hash of its own.', () => {
  assert.ok(marker.content.subarray(0, program.length).equals(program));
  assert.equal(marker.md5, md5Of(marker.content));
  assert.notEqual(marker.md5, md5Of(program));
  const other = makeMarker({ program, random: Buffer.alloc(48, 8), id: 'ab12', path: marker.path });
  assert.notEqual(other.md5, marker.md5);
  assert.throws(() => makeMarker({ program, random: Buffer.alloc(3), id: 'a', path: 'x' }), /random/);
  assert.throws(
    () => makeMarker({ program: Buffer.alloc(0), random: Buffer.alloc(48), id: 'a', path: 'x' }),
    /empty/,
  );
});

test('Its path is unmistakable, however a list writes it.', () => {
  const recipe = recipeFor('windows', { folder: 'd:\\temp\\', program: undefined });
  assert.ok(recipe);
  const path = markerPath(recipe, 'windows', 'ab12');
  assert.equal(path, 'd:\\temp\\cb-playbook-selftest-ab12.exe');
  assert.ok(isMarker('D:\\TEMP\\CB-PLAYBOOK-SELFTEST-AB12.EXE', path));
  assert.ok(isMarker('/private/tmp/cb-playbook-selftest-1 (deleted)', '/tmp/cb-playbook-selftest-1'));
  assert.ok(!isMarker('d:\\temp\\cb-playbook-selftest-ab13.exe', path));
  assert.ok(!isMarker('', path));
  assert.equal(recipeFor('unknown'), null);
});

/** What `leftBy` sees of a host in this state. */
function seen(o: {
  host?: object;
  bans?: object[];
  sessions?: object[];
  effects?: object[];
  putBack?: Partial<PutBack>[];
}): string[] {
  const state = {
    sensors: [{ id: 1, wish: false, fact: false, processes: [], ...o.host }],
    bans: o.bans ?? [],
    sessions: o.sessions ?? [],
  } as unknown as SimulatorState;
  const receipt = { marker: { md5: marker.md5 }, putBack: o.putBack ?? [] } as unknown as SelftestReceipt;
  return leftBy(receipt, 1, state, (o.effects ?? []) as LedgerEntry[]);
}

test('The proof objects to whatever is left, and to what is not its own, unless the receipt names it.', () => {
  assert.deepEqual(seen({}), []);
  const wrong: Parameters<typeof seen>[0][] = [
    { host: { wish: true } },
    { host: { fact: true } },
    { host: { processes: [{ pid: 5, path: 'c:\\t\\cb-playbook-selftest-1.exe' }] } },
    { bans: [{ md5: marker.md5.toLowerCase(), enabled: true }] },
    { bans: [{ md5: 'F'.repeat(32), enabled: true }] },
    { sessions: [{ id: 1, sensorId: 1, openedBy: 'playbook', status: 'pending' }] },
    { effects: [{ effect: 'file-written', sensorId: 1 }] },
    { effects: [{ effect: 'killed', sensorId: 2, by: 'playbook' }] },
  ];
  for (const state of wrong) assert.equal(seen(state).length, 1, JSON.stringify(state));
  const named = { putBack: [{ what: 'isolation' as const, outcome: 'failed' as const }] };
  assert.deepEqual(seen({ host: { wish: true }, ...named }), []);
  assert.equal(seen({ bans: [{ md5: marker.md5, enabled: true }], ...named }).length, 1);
});
