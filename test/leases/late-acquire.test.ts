import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { LeaseClient } from '../../activities/lease-client.js';
import { type Hold, type LeaseCarried, TASK_QUEUES, WORKFLOW_TYPES } from '../../contract/index.js';
import { fleet } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import {
  giveBack,
  leaseHandle,
  leaseOf,
  personHolds,
  releaseAll,
  sent,
  targetOn,
  wishAndFact,
  wishChanges,
} from './support/lease.js';

const env = withEnvironment({ scenario: fleet(4) });
const RUN = { workflowId: 'contain/host-1', runId: 'r1', who: 'ana' };

/** An acquire with more or other fields than a person's own; what it is refused with, or `taken`. */
async function acquired(n: number, more: Record<string, unknown>): Promise<string> {
  const validUntil = (await env().clock.now()) + 600_000;
  try {
    const args = { holdId: 'x', validUntil, ...more };
    await sent(env(), leaseHandle(env(), n).executeUpdate('acquire', { args: [args] }));
    return 'taken';
  } catch (err) {
    if (err instanceof WorkflowUpdateFailedError && err.cause instanceof ApplicationFailure)
      return `${err.cause.type}: ${err.cause.message}`;
    throw err;
  }
}

describe('An acquire that comes late', () => {
  it("of a run's hold that was given back is refused for twenty minutes, and the host stays released.", async () => {
    const holdId = 'contain/host-1/r1';
    await personHolds(env(), 1, 'ana', { ...RUN, holdId });
    await env().sleep('5m');
    await giveBack(env(), 1, holdId);
    await env().sleep('5m');
    assert.equal(
      await acquired(1, { ...RUN, holdId }),
      'HoldExpired: This hold was given back before it came.',
    );
    assert.equal(await acquired(1, { ...RUN, holdId: 'contain/host-1/r2', runId: 'r2' }), 'taken');
    await env().sleep('2m');
    // Of a hold whose run has told its verdict nothing is on its way any more.
    await leaseHandle(env(), 1).executeUpdate('extend', {
      args: [{ holdId: 'contain/host-1/r2', leaseMs: null, verdict: 'contained' }],
    });
    await giveBack(env(), 1, 'contain/host-1/r2');
    await env().timePasses(leaseHandle(env(), 1).result());
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
    const ours = ['set by playbook', 'cleared by playbook'];
    assert.deepEqual(await wishChanges(env(), 1), [...ours, ...ours]);
  });
});

describe('An acquire that is wrong', () => {
  it('is refused with one clear error where it is for another sensor, server, or for none.', async () => {
    await personHolds(env(), 2, 'ana');
    const { target } = await leaseOf(env(), 2);
    const other = { ...target, sensorId: 3, hostname: 'HOST-3', registration: '2001-01-01T00:00:00Z' };
    assert.equal(
      await acquired(2, { target: other }),
      'InvalidRequest: target: this lease is about sensor 2, and the hold is for sensor 3.',
    );
    assert.match(await acquired(2, { target: { ...target, server: 'other:443' } }), /^WrongServer: /);
    for (const wrong of [null, 7, {}, { ...target, groupId: '1' }]) {
      assert.match(await acquired(2, { target: wrong }), /^InvalidRequest: target: \{server, /);
    }
    assert.deepEqual((await leaseOf(env(), 2)).target, target);
    assert.equal(await acquired(2, { target }), 'taken');
    await env().sleep('2m');
    await releaseAll(env(), 2);
    assert.deepEqual(await wishAndFact(env(), 3), [false, false]);
  });

  it('is the hundred-and-first: a lease takes no more, and those who hold may say so again.', async () => {
    await personHolds(env(), 3, 'ana');
    await env().sleep('15m');
    const memo = (await leaseHandle(env(), 3).describe()).memo?.['lease'] as LeaseCarried;
    await leaseHandle(env(), 3).terminate('somebody in Temporal Web');
    const holds = Array.from({ length: 99 }, (_, i) => ({
      ...(memo.holds[0] as Hold),
      holdId: `person/${i}`,
    }));
    const input = { target: await targetOn(env(), 3), carried: { ...memo, holds } };
    const { workflowId } = leaseHandle(env(), 3);
    const start = { workflowId, taskQueue: TASK_QUEUES.main, args: [input] };
    await env().client.workflow.start(WORKFLOW_TYPES.isolationLease, start);
    assert.equal(await acquired(3, { holdId: 'person/99' }), 'taken');
    assert.match(await acquired(3, { holdId: 'person/100' }), /^InvalidRequest: This lease has 100 holds/);
    assert.equal(await acquired(3, { holdId: 'person/98' }), 'taken');
  });
});

describe('A lease whose sensor id was registered anew while it was dead', () => {
  it('knows that what stands on the new registration is not its own.', async () => {
    await personHolds(env(), 4, 'ana');
    await env().sleep('15m');
    await leaseHandle(env(), 4).terminate('somebody in Temporal Web');
    const target = { ...(await targetOn(env(), 4)), registration: '2026-12-01T00:00:00Z' };
    await new LeaseClient(env().client, target).takeUp();
    await env().sleep('1m');
    const lease = await leaseOf(env(), 4);
    assert.deepEqual([lease.ours, lease.wish], [false, 'refused']);
    assert.deepEqual(
      lease.holds.map((h) => h.holdId),
      ['person/ana'],
    );
    await releaseAll(env(), 4);
    assert.deepEqual(await wishChanges(env(), 4), ['set by playbook']);
  });
});
