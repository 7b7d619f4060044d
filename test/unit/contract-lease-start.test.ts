import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_LEASE_POLICY, type LeaseCarried, leaseStart, leftToHeir } from '../../contract/index.js';

const CARRIED: LeaseCarried = {
  wish: 'placed',
  ours: true,
  before: false,
  placedAt: 1,
  confirmedAt: null,
  releasedAt: null,
  holds: [],
  tombstones: [],
  drift: [],
  reminders: 0,
  remindAt: null,
  events: [],
  policy: DEFAULT_LEASE_POLICY,
  problem: null,
  inheritedFrom: null,
};
const TARGET = {
  server: 'cb.example:443',
  sensorId: 7,
  hostname: 'WIN7PRO64',
  registration: null,
  groupId: 1,
  osType: 'windows' as const,
};

describe('the start of a lease', () => {
  it('takes of a look-up only what a lease freezes', () => {
    const { workflowId, input } = leaseStart({ ...TARGET, ip: '10.0.0.1' } as typeof TARGET, null);
    assert.equal(workflowId, 'isolation/7');
    assert.deepEqual(input, { target: TARGET });
  });

  it('carries on for a run that was ended from outside, and names it', () => {
    for (const status of ['TERMINATED', 'TIMED_OUT', 'FAILED', 'CANCELLED']) {
      const left = leftToHeir({ status, runId: 'r1', memo: { lease: CARRIED } });
      assert.deepEqual(left, { ...CARRIED, inheritedFrom: 'r1' }, status);
      assert.deepEqual(leaseStart(TARGET, left).input.carried, left);
    }
  });

  it('takes nothing over from a run that goes on, that closed by itself, or that left no memo', () => {
    for (const status of ['RUNNING', 'PAUSED', 'COMPLETED']) {
      assert.equal(leftToHeir({ status, runId: 'r1', memo: { lease: CARRIED } }), null, status);
    }
    assert.equal(leftToHeir({ status: 'TERMINATED', runId: 'r1', memo: {} }), null);
    assert.equal(leftToHeir({ status: 'TERMINATED', runId: 'r1' }), null);
  });
});
