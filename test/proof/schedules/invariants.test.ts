import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContainRequest, LeaseState, Receipt } from '../../../contract/index.js';
import { INVARIANTS } from '../../../proof/schedules/invariants/index.js';
import type { RunSeen, Seen } from '../../../proof/schedules/seen.js';
import type { JournalEntry, LedgerEntry, SensorState } from '../../../simulator/index.js';
import { anHonestSchedule, entry, GUID, MD5, SENSOR, T0, TAG } from './an-honest-schedule.js';

function without(seen: Seen, effect: LedgerEntry['effect']): void {
  seen.ledger = seen.ledger.filter((e) => e.effect !== effect);
}
const runOf = (seen: Seen): RunSeen => seen.runs[0] as RunSeen;
const requestOf = (seen: Seen): ContainRequest => runOf(seen).requests[0] as ContainRequest;
const receiptOf = (seen: Seen): Receipt => runOf(seen).receipt as Receipt;
const hostAtRest = (seen: Seen): SensorState => seen.atRest.sensors[0] as SensorState;
const leaseOf = (seen: Seen): LeaseState => seen.leases[0]?.state as LeaseState;
const other = { guid: '0000000a-0000-7540-01dd-7c77a52c281a', md5: 'f'.repeat(32), sessionId: 1 };

/** A request of ours to the sensor, at so many seconds. */
function asked(s: number, more: Partial<JournalEntry>): JournalEntry {
  return {
    ...{ n: s, at: T0 + s * 1_000, method: 'GET', path: `/api/v1/sensor/${SENSOR}`, query: {}, body: null },
    ...{ route: 'GET /api/v1/sensor/:id', status: 200, fault: null, unknown: false },
    ...more,
  };
}
const look = (s: number) => asked(s, {});
const wish = (s: number) => asked(s, { method: 'PUT', body: { network_isolation_enabled: true } });

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
  [
    'b',
    'a process was killed that its policy protects',
    (seen) => (requestOf(seen).policy = { protectedProcesses: ['C:\\Users\\Public\\evil.exe'] }),
  ],
  [
    'b',
    'a host was isolated that its policy protects',
    (seen) => (requestOf(seen).policy = { protectedHosts: { sensorIds: [SENSOR] } }),
  ],
  [
    'b',
    'a ban was enabled that its policy leaves disabled',
    (seen) => {
      requestOf(seen).policy = { ban: { enableDisabled: false } };
      seen.atStart.bans.push({ md5: MD5, text: 'old', enabled: false, username: 'analyst' });
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
      seen.journal.push(look(9));
    },
  ],
  [
    'e',
    'an isolation of ours was wished anew after somebody had withdrawn it',
    (seen) => {
      seen.ledger.push(
        entry({ effect: 'wish-cleared', by: 'analyst' }, 12),
        entry({ effect: 'wish-set' }, 14),
      );
      seen.journal.push(look(3), look(13));
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
  it('blame no run for the open session of one that was terminated on the same host.', () => {
    const seen = anHonestSchedule();
    const open = {
      id: 1,
      sensorId: SENSOR,
      openedBy: 'playbook',
      status: 'active' as const,
      createdAt: T0 + 3_000,
    };
    runOf(seen).openAtEnd.push({ ...open, endedAt: null });
    const check = () => INVARIANTS.find((i) => i.letter === 'd')?.check(seen);
    assert.equal(check()?.violations.length, 1);
    seen.runs.push({
      ...runOf(seen),
      ...{ workflowId: 'alert-1', runId: 'run-2', closed: 'terminated', receipt: null, openAtEnd: [] },
      endedAt: T0 + 10_000,
    });
    assert.deepEqual(check()?.violations, []);
  });
  it('judge a run by its own last list, where another run lists the same host.', () => {
    const seen = anHonestSchedule();
    const started = { effect: 'process-started' as const, by: undefined, ...other, path: 'c:\\x\\EVIL.exe' };
    seen.ledger.splice(5, 0, entry(started, 7.5));
    const check = () => INVARIANTS.find((i) => i.letter === 'a')?.check(seen);
    assert.equal(check()?.violations.length, 1);
    seen.runs.push({ ...runOf(seen), workflowId: 'alert-1', runId: 'run-2', receipt: null });
    (receiptOf(seen).hostState as { listedAt: string }).listedAt = new Date(T0 + 6_500).toISOString();
    assert.deepEqual(check()?.violations, []);
    assert.deepEqual(check()?.counts, { 'started after the last list': 1 });
  });
  it('leave a lease the time until its next look to see that somebody withdrew its wish.', () => {
    const seen = anHonestSchedule();
    hostAtRest(seen).wish = false;
    const check = () => INVARIANTS.find((i) => i.letter === 'c')?.check(seen);
    seen.ledger.push(entry({ effect: 'wish-cleared', by: 'analyst' }, 3_600 - 300));
    assert.deepEqual(check()?.violations, []);
    assert.deepEqual(check()?.counts, { 'withdrawn since the lease looked': 1 });
    seen.ledger.splice(-1, 1, entry({ effect: 'wish-cleared', by: 'analyst' }, 60));
    assert.equal(check()?.violations.length, 1);
  });
  it('count a wish of somebody else that came between our look and our own, and blame nobody.', () => {
    const seen = anHonestSchedule();
    without(seen, 'wish-set');
    seen.ledger.unshift(entry({ effect: 'wish-set', by: 'analyst' }, 1));
    seen.ledger.push(entry({ effect: 'wish-cleared' }, 30));
    seen.journal.push(wish(2), look(3), look(20));
    const found = INVARIANTS.find((i) => i.letter === 'e')?.check(seen);
    assert.deepEqual(found?.violations, []);
    assert.deepEqual(found?.counts, { 'somebody wished between our look and our change': 1 });
    seen.journal.unshift(look(1.5));
    assert.notDeepEqual(INVARIANTS.find((i) => i.letter === 'e')?.check(seen).violations, []);
  });
  it('let a run that was asked to do so write its wish again, once.', () => {
    const again = (times: number) => {
      const seen = anHonestSchedule();
      requestOf(seen).onDrift = 'reassert';
      seen.journal.push(look(3));
      for (let i = 0; i < times; i += 1) {
        seen.ledger.push(entry({ effect: 'wish-cleared', by: 'analyst' }, 12 + 4 * i));
        seen.ledger.push(entry({ effect: 'wish-set' }, 14 + 4 * i));
        seen.journal.push(look(13 + 4 * i));
      }
      return INVARIANTS.find((i) => i.letter === 'e')?.check(seen).violations;
    };
    assert.deepEqual(again(1), []);
    assert.equal(again(2)?.length, 1);
  });
});
