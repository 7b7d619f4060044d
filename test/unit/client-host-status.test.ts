import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leasesText } from '../../cli/text/leases.js';
import { statusOfLease, statusOfMemo } from '../../client/host-status.js';
import type { HostStatus } from '../../client/index.js';
import {
  DEFAULT_LEASE_POLICY,
  type DriftKind,
  DRIFTS,
  type LeaseCarried,
  type LeaseState,
} from '../../contract/index.js';
import { aHold, AT } from './client-a-host.js';

/** A lease that saw its host isolated, and then this drift. */
function aLease(kinds: DriftKind[], more: Partial<LeaseState> = {}): LeaseState {
  return {
    leaseId: 'isolation/1',
    runId: 'r',
    target: {
      server: 'cb.example:443',
      sensorId: 1,
      hostname: 'WIN7PRO64',
      registration: null,
      groupId: 1,
      osType: 'windows',
    },
    before: false,
    wish: 'placed',
    ours: true,
    fact: true,
    placedAt: 1,
    confirmedAt: 2,
    releasedAt: null,
    seenAt: 3,
    nextCheckinAt: null,
    holds: [aHold()],
    drift: kinds.map((kind) => ({ kind, since: AT, what: `Drift: ${kind}.`, reasserted: false })),
    pastDrift: [],
    reminders: 0,
    events: [],
    policy: DEFAULT_LEASE_POLICY,
    problem: null,
    closing: false,
    ...more,
  };
}

const memoOf = (lease: LeaseState): LeaseCarried => ({
  ...lease,
  tombstones: [],
  remindAt: null,
  inheritedFrom: null,
});
const rowsOf = (lease: LeaseState): HostStatus[] => [
  statusOfLease(lease),
  statusOfMemo(memoOf(lease), { sensorId: 1, hostname: 'WIN7PRO64', running: true }),
];

describe('A host as its lease saw it last', () => {
  const says = (kinds: DriftKind[], known: [boolean | null, boolean | null], words: RegExp): void => {
    for (const row of rowsOf(aLease(kinds))) {
      assert.deepEqual([row.wish, row.fact], known, `${kinds.join()} by ${row.source}`);
      assert.match(row.summary, words);
    }
  };

  it('is isolated while no drift says otherwise', () => {
    says([], [true, true], /^WIN7PRO64 is isolated; held by ann, until released\.$/);
    says(['silent'], [true, true], /^WIN7PRO64 is isolated; .* Drift: silent\.$/);
  });

  it('is not called isolated once its wish was withdrawn or its isolation was lost', () => {
    says(
      ['wish-withdrawn'],
      [false, null],
      /^WIN7PRO64 is not known to be isolated: its wish was withdrawn;/,
    );
    says(['isolation-lost'], [true, false], /^WIN7PRO64 is NOT isolated any more: the wish stands/);
    const [row] = rowsOf(aLease(['wish-withdrawn'], { fact: false }));
    assert.match(row?.summary ?? '', /^WIN7PRO64 is NOT isolated although it is held;/);
  });

  it('is not called isolated once its sensor is gone or was replaced', () => {
    for (const kind of ['sensor-gone', 'sensor-replaced'] as const) {
      says([kind], [null, null], /^WIN7PRO64 is not known to be isolated; held by ann/);
      says([kind, 'wish-withdrawn'], [null, null], /not known to be isolated; held/);
      assert.match(leasesText([statusOfLease(aLease([kind]))]), /WIN7PRO64 +not known +not known /);
    }
  });

  it('takes the word away for every drift that says so, in lists too', () => {
    for (const kind of Object.keys(DRIFTS) as DriftKind[]) {
      if (kind === 'silent') continue;
      for (const row of rowsOf(aLease([kind]))) {
        assert.notEqual(row.fact, true, kind);
        assert.doesNotMatch(row.summary, /64 is isolated/, kind);
      }
    }
  });

  it('is isolated although a second holder was refused', () => {
    const problem = { type: 'Forbidden', message: 'No right.' };
    const status = statusOfLease(aLease([], { problem, wish: 'foreign' }));
    assert.match(status.summary, /^WIN7PRO64 is isolated; held by ann/);
  });
});
