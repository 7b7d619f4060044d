import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { createActivities } from '../../activities/index.js';
import type { OnlineInput, OnlineResult } from '../../contract/index.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { releaseAll, wishAndFact, wishChanges } from './support/lease.js';

let hidden = 0;
/**
 * As attempts end that see nothing: on sensor 1 the short look in the middle of a kill, whose server hung for as long as it
 * is asked; elsewhere all looks, whose workers are away until the deadline has passed.
 */
async function awaitOnline(input: OnlineInput): Promise<OnlineResult> {
  const { cb, clock } = env();
  const isSlow = input.deadline !== 0;
  if (isSlow && input.target.sensorId === 1) return await createActivities({ cb, clock }).awaitOnline(input);
  hidden += 1;
  const left = Math.max(0, input.deadline - (await clock.now()));
  const nextRetryDelay = left + (left > 0 ? 60_000 : 3_600_000);
  throw ApplicationFailure.create({
    ...{ type: 'NotYet', message: 'Nobody looked.', nonRetryable: !isSlow },
    nextRetryDelay,
  });
}
const env = withEnvironment({
  scenario: fleet(3, (n) => (n === 1 ? {} : { onlineFrom: null, lastSeenAgo: 7_200 })),
  activityOverrides: { awaitOnline },
});

describe('Looks for an offline host that see nothing until its deadline has passed', () => {
  it('are no failure: the wish stands under its lease, as at any deadline.', async () => {
    const run = await env().contain({ hostname: hostName(2), processName: 'evil.exe', offlineFor: '1h' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'isolation-pending');
    assert.deepEqual(receipt.undo, []);
    assert.ok(receipt.deadlinesPassed.some((d) => d.waitingFor === 'HOST-2 to check in'));
    assert.deepEqual(await wishChanges(env(), 2), ['set by playbook']);
    await releaseAll(env(), 2);
  });

  it('do not lose the word that the wish is to be withdrawn then.', async () => {
    const request = { hostname: hostName(3), processName: 'evil.exe', offlineFor: '1h' };
    const { receipt } = await (await env().contain({ ...request, offlineExpire: 'withdraw' })).outcome();
    assert.equal(receipt?.verdict, 'rolled-back');
    assert.deepEqual(await wishChanges(env(), 3), ['set by playbook', 'cleared by playbook']);
  });
});

describe('A server that does not say whether the host went away', () => {
  it('is no failure of the run: the host is waited for, and contained when it is back.', async () => {
    hidden = 0;
    const hold = env().simulator.hold({ method: 'PUT', route: '/api/v1/sensor/1', when: 'after' });
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe' });
    await hold.arrived;
    await env().simulator.act.goOffline(1);
    hold.release();
    await env().sleep('2h');
    assert.equal(hidden, 1);
    assert.deepEqual(await wishAndFact(env(), 1), [true, false]);
    await env().simulator.act.comeOnline(1);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.ok(receipt.notes.some((n) => /did not say whether the host still checks in/.test(n)));
    assert.ok(receipt.problems.some((p) => p.message === 'Nobody looked.'));
    await releaseAll(env(), 1);
  });
});
