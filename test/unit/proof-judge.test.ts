import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Receipt } from '../../contract/index.js';
import { judge, type Seen } from '../../proof/temporal-lost/judge.js';
import type { Effect, LedgerEntry } from '../../simulator/index.js';
import type { Host } from '../chaos/fleet.js';

const host: Host = { hostname: 'HOST-01', sensorId: 101, pids: [2, 4], md5: 'A'.repeat(32) };
const entry = (effect: Effect, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...{ at: 0, effect, sensorId: 101 },
  ...more,
});

/** A host that was contained as it should be. */
function seen(): Seen {
  const receipt = {
    verdict: 'contained',
    isolation: { outcome: 'isolated' },
    processes: host.pids.map((pid) => ({ pid, outcome: 'killed' })),
  } as unknown as Receipt;
  const sensor = { id: 101, wish: true, fact: true, processes: [] };
  return {
    receipt,
    ledger: [
      entry('wish-set'),
      entry('isolated'),
      ...host.pids.map((pid) => entry('killed', { pid })),
      entry('banned'),
    ],
    state: {
      now: 0,
      sensors: [sensor],
      sessions: [{ id: 1, sensorId: 101, status: 'close' }],
      bans: [{ md5: host.md5.toLowerCase(), enabled: true }],
    } as unknown as Seen['state'],
  };
}

describe('The judge of an attack', () => {
  it('has nothing to say of a host that was contained as it should be', () => {
    assert.deepEqual(judge(host, seen(), ['contained']), []);
  });

  const doctored: [string, (s: Seen) => Partial<Seen>, RegExp][] = [
    ['no receipt', () => ({ receipt: null }), /no receipt/],
    [
      'a host that is not isolated',
      (s) => ({ state: { ...s.state, sensors: s.state.sensors.map((x) => ({ ...x, fact: false })) } }),
      /not isolated/,
    ],
    [
      'a process that is alive',
      (s) => ({
        state: {
          ...s.state,
          sensors: s.state.sensors.map((x) => ({ ...x, processes: [{ pid: 4 } as never] })),
        },
      }),
      /4 are alive/,
    ],
    ['a hash that is not banned', (s) => ({ state: { ...s.state, bans: [] } }), /not banned/],
    [
      'a session that is open',
      (s) => ({
        state: { ...s.state, sessions: [{ id: 7, sensorId: 101, status: 'active' } as never] },
      }),
      /Session 7 is active/,
    ],
    [
      'a session left to its time-out',
      (s) => ({ ledger: [...s.ledger, entry('session-timeout')] }),
      /left to its time-out/,
    ],
    ['a wish written twice', (s) => ({ ledger: [...s.ledger, entry('wish-set')] }), /wish-set 2 times/],
    [
      'a process killed twice',
      (s) => ({ ledger: [...s.ledger, entry('killed', { pid: 4 })] }),
      /4 was killed 2 times/,
    ],
    [
      'a process killed that nobody asked for',
      (s) => ({ ledger: [...s.ledger, entry('killed', { pid: 9 })] }),
      /9 was killed, which nobody asked for/,
    ],
    [
      'a kill of a pid that was gone',
      (s) => ({ ledger: [...s.ledger, entry('kill-failed', { pid: 4 })] }),
      /pid that was gone/,
    ],
  ];
  for (const [what, doctor, said] of doctored) {
    it(`objects to ${what}`, () => {
      const s = seen();
      assert.match(judge(host, { ...s, ...doctor(s) }, ['contained']).join(' '), said);
    });
  }

  it('objects to another verdict than was to come, and to one that is not true', () => {
    const s = seen();
    const receipt = { ...(s.receipt as Receipt), verdict: 'rolled-back' as const };
    const wrong = judge(host, { ...s, receipt }, ['contained']).join(' ');
    assert.match(wrong, /verdict is rolled-back, not contained/);
    assert.match(wrong, /Rolled back, and the host is isolated still/);
    assert.match(wrong, /Rolled back, and the hash is banned still/);
  });
});
