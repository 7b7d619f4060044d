import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LeaseState, Receipt } from '../../../contract/index.js';
import { INVARIANTS } from '../../../proof/schedules/invariants/index.js';
import type { RunSeen, Seen } from '../../../proof/schedules/seen.js';
import type { LedgerEntry, SensorState } from '../../../simulator/index.js';
import { anHonestSchedule, entry, GUID, MD5, SENSOR, T0, TAG } from './an-honest-schedule.js';

function without(seen: Seen, effect: LedgerEntry['effect']): void {
  seen.ledger = seen.ledger.filter((e) => e.effect !== effect);
}
const runOf = (seen: Seen): RunSeen => seen.runs[0] as RunSeen;
const receiptOf = (seen: Seen): Receipt => runOf(seen).receipt as Receipt;
const hostAtRest = (seen: Seen): SensorState => seen.atRest.sensors[0] as SensorState;
const leaseOf = (seen: Seen): LeaseState => seen.leases[0]?.state as LeaseState;
const other = { guid: '0000000a-0000-7540-01dd-7c77a52c281a', md5: 'f'.repeat(32), sessionId: 1 };

/** Lies, one at a time, and the invariant that must object. */
const lies: [letter: string, name: string, doctor: (seen: Seen) => void][] = [
  ['a', 'contained, and the host was never cut off', (seen) => without(seen, 'isolated')],
  ['a', 'contained, and the process lives', (seen) => without(seen, 'killed')],
  ['a', 'contained, and the hash is not banned', (seen) => without(seen, 'banned')],
  [
    'a',
    'contained, and a respawn that the last list must have shown lives',
    (seen) =>
      seen.ledger.splice(
        5,
        0,
        entry({ effect: 'process-started', by: undefined, ...other, path: 'c:\\x\\EVIL.exe' }, 7.5),
      ),
  ],
  [
    'a',
    'contained by an isolation that was gone before it was asked for',
    (seen) => {
      without(seen, 'isolated');
      const before = (effect: LedgerEntry['effect'], s: number) => seen.ledger.unshift(entry({ effect }, s));
      before('released', -1);
      before('isolated', -60);
    },
  ],
  [
    'b',
    'a process that nobody asked for was killed',
    (seen) => seen.ledger.push(entry({ effect: 'killed', ...other, path: 'c:\\x\\notevil.exe' })),
  ],
  [
    'b',
    'a hash that nobody asked for was banned',
    (seen) => seen.ledger.push(entry({ effect: 'banned', sensorId: undefined, md5: other.md5, detail: TAG })),
  ],
  [
    'b',
    'a host that nobody asked for was isolated',
    (seen) => {
      seen.atStart.sensors.push({ ...hostAtRest(seen), id: 99, hostname: 'FILLER-00001' });
      seen.ledger.push(entry({ effect: 'wish-set', sensorId: 99 }));
    },
  ],
  ['b', 'a file was changed', (seen) => seen.ledger.push(entry({ effect: 'file-written', path: 'c:\\x' }))],
  [
    'c',
    'isolated, and no lease is left',
    (seen) => (seen.leases = [{ sensorId: SENSOR, status: 'NONE', state: null }]),
  ],
  ['c', 'the lease runs, and its hold is gone', (seen) => (leaseOf(seen).holds = [])],
  ['c', 'held, and not isolated', (seen) => (hostAtRest(seen).wish = false)],
  ['c', 'rolled back, and the ban stands', (seen) => (receiptOf(seen).verdict = 'rolled-back')],
  [
    'c',
    'undone, and the host is cut off',
    (seen) => {
      const at = new Date(T0 + 19_000).toISOString();
      receiptOf(seen).undo.push({ change: 'isolation', target: 'S1-A', outcome: 'undone', why: null, at });
      seen.ledger.push(entry({ effect: 'wish-cleared' }, 18));
    },
  ],
  ['c', 'contained, and the ban is gone', (seen) => (seen.atRest.bans = [])],
  ['c', 'not contained, and a process was killed', (seen) => (receiptOf(seen).verdict = 'not-contained')],
  [
    'd',
    'the run ended, and its session is open',
    (seen) =>
      runOf(seen).openAtEnd.push({
        ...{ id: 1, sensorId: SENSOR, openedBy: 'playbook', status: 'active', createdAt: T0, endedAt: null },
      }),
  ],
  [
    'd',
    'at rest a session is open',
    (seen) => Object.assign(seen.atRest.sessions[0] ?? {}, { status: 'active' }),
  ],
  [
    'e',
    'an analyst’s session was closed',
    (seen) => Object.assign(seen.atRest.sessions[0] ?? {}, { openedBy: 'analyst' }),
  ],
  [
    'e',
    'an isolation that was there before was withdrawn',
    (seen) => {
      (seen.schedule.hosts[0] as { isolatedBefore: boolean }).isolatedBefore = true;
      without(seen, 'wish-set');
      seen.ledger.push(entry({ effect: 'wish-cleared' }));
      seen.journal.push({
        ...{ n: 1, at: T0 + 9_000, method: 'GET', path: `/api/v1/sensor/${SENSOR}`, query: {}, body: null },
        ...{ route: 'GET /api/v1/sensor/:id', status: 200, fault: null, unknown: false },
      });
    },
  ],
  [
    'f',
    'a run has not ended',
    (seen) => Object.assign(runOf(seen), { closed: null, endedAt: null, receipt: null }),
  ],
  ['f', 'a run took a week', (seen) => (runOf(seen).endedAt = T0 + 7 * 86_400_000)],
  ['f', 'a run ended without a receipt', (seen) => (runOf(seen).receipt = null)],
  [
    'g',
    'a join is in no receipt',
    (seen) => runOf(seen).requests.push({ hostname: 'S1-A', processName: 'evil.exe' }),
  ],
];

describe('The invariants of the fault schedules', () => {
  it('object to nothing where all is well.', () => {
    for (const invariant of INVARIANTS)
      assert.deepEqual(invariant.check(anHonestSchedule()).violations, [], invariant.letter);
  });
  for (const [letter, name, doctor] of lies) {
    it(`object to a lie: ${name} (${letter}).`, () => {
      const seen = anHonestSchedule();
      doctor(seen);
      const invariant = INVARIANTS.find((i) => i.letter === letter);
      assert.notDeepEqual(invariant?.check(seen).violations, []);
    });
  }
  it('count a process that started after the last list, and blame nobody.', () => {
    const seen = anHonestSchedule();
    seen.ledger.push(
      entry({ effect: 'process-started', by: undefined, guid: GUID, path: 'c:\\x\\evil.exe', md5: MD5 }, 12),
    );
    const found = INVARIANTS.find((i) => i.letter === 'a')?.check(seen);
    assert.deepEqual(found?.violations, []);
    assert.deepEqual(found?.counts, { 'started after the last list': 1 });
  });
});
