import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  BRAKES_ID,
  brakesMemo,
  type BrakesState,
  exitCodeOf,
  leaseId,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../testing/index.js';
import { releaseAll, sent, wishAndFact, wishChanges } from '../leases/support/lease.js';
import { fleet, hostName } from './support/hosts.js';
import { Limits } from './support/limited.js';
import { withEnvironment } from './support/with-environment.js';

const limits = new Limits();
const env: () => PlaybookTestEnvironment = withEnvironment({
  scenario: fleet(14),
  checkinSeconds: 5,
  activityOverrides: limits.overrides(() => env()),
});

const isolateOnly = (n: number, more = {}) => ({ hostname: hostName(n), kill: false, ...more });
async function outcomeOn(n: number, more = {}) {
  const outcome = await (await env().contain(isolateOnly(n, more))).outcome();
  assert.ok(outcome.receipt, outcome.message ?? 'no receipt');
  return { ...outcome, receipt: outcome.receipt };
}
const brakes = () => env().client.workflow.getHandle(BRAKES_ID);
const pause = (reason: string, who = 'ben') => sent(env(), env().playbook.pause({ reason, who }));
const resume = (who = 'ann') => sent(env(), env().playbook.resume({ who }));

describe('The brakes, without limits', () => {
  it('are not even started by a containment', async () => {
    assert.equal((await outcomeOn(1)).receipt.verdict, 'contained');
    await assert.rejects(brakes().describe(), { name: 'WorkflowNotFoundError' });
    assert.equal((await env().playbook.brakes()).paused, false);
    assert.equal((await resume()).changed, false);
    await assert.rejects(brakes().describe(), { name: 'WorkflowNotFoundError' });
  });

  it('paused, refuse a new containment before anything is changed: exit 16, who, why and what to do', async () => {
    const done = await pause('too many alerts');
    assert.deepEqual([done.changed, done.state.paused, done.state.by], [true, true, 'ben']);
    const { receipt, closed } = await outcomeOn(2, {
      overrides: ['limits'],
      reason: 'I must',
      requestedBy: 'ann',
    });
    assert.deepEqual([receipt.verdict, closed, exitCodeOf(receipt)], ['not-contained', 'failed', 16]);
    assert.equal(receipt.problems[0]?.type, 'Paused');
    assert.match(receipt.summary, /paused by ben at 20.*: too many alerts.*cb-playbook resume/);
    assert.deepEqual(await wishChanges(env(), 2), []);
  });

  it('paused twice keep the first; who undoes meanwhile is not stopped', async () => {
    const again = await pause('me too', 'cia');
    assert.deepEqual([again.changed, again.state.by, again.state.why], [false, 'ben', 'too many alerts']);
    const { verdict } = await env().timePasses(env().playbook.undo(hostName(1), { apply: true }));
    assert.equal(verdict, 'undone');
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
  });

  it('ended from outside, leave the pause to whoever looks next', async () => {
    await brakes().terminate('somebody tidies up');
    assert.equal((await env().playbook.brakes()).paused, true);
    assert.equal((await outcomeOn(2)).receipt.problems[0]?.type, 'Paused');
  });

  it('resumed, let containments start again', async () => {
    const done = await resume();
    assert.deepEqual([done.changed, done.state.paused], [true, false]);
    assert.deepEqual(
      done.state.events.map((e) => e.what),
      ['Paused by ben: too many alerts', 'Paused by cia once more: me too', 'Resumed by ann'],
    );
    assert.equal((await outcomeOn(2)).receipt.verdict, 'contained');
    await releaseAll(env(), 2);
  });

  it('a run that began before the pause finishes', async () => {
    await env().simulator.act.goOffline(3);
    const run = await env().contain(isolateOnly(3));
    await env().sleep('1m');
    await pause('now');
    await env().simulator.act.comeOnline(3);
    assert.equal((await run.outcome()).receipt?.verdict, 'contained');
    await resume();
    await releaseAll(env(), 3);
  });
});

describe('Limits of a policy', () => {
  it('so many an hour: the next is refused with when it may start, and may an hour later', async () => {
    limits.set({ containmentsPerHour: 2 });
    assert.equal((await outcomeOn(4)).receipt.verdict, 'contained');
    assert.equal((await outcomeOn(5)).receipt.verdict, 'contained');
    const { receipt } = await outcomeOn(6);
    assert.deepEqual([receipt.verdict, exitCodeOf(receipt)], ['not-contained', 16]);
    assert.equal(receipt.problems[0]?.type, 'LimitReached');
    assert.match(receipt.summary, /allows 2 new containments an hour.*next may start at 20/);
    assert.deepEqual(await wishChanges(env(), 6), []);
    await env().sleep('61m');
    assert.equal((await outcomeOn(6)).receipt.verdict, 'contained');
    for (const n of [4, 5, 6]) await releaseAll(env(), n);
  });

  it('an override lets through, and stands in the receipt with who and why', async () => {
    limits.set({ containmentsPerHour: 0 });
    const asked = { overrides: ['limits'], reason: 'it spreads', requestedBy: 'ann' };
    const { receipt } = await outcomeOn(7, asked);
    assert.equal(receipt.verdict, 'contained');
    const [override] = receipt.overrides;
    assert.deepEqual(
      [override?.rule, override?.who, override?.why, receipt.overrides.length],
      ['limits', 'ann', 'it spreads', 1],
    );
    assert.match(override?.letThrough ?? '', /allows 0 new containments an hour/);
    await releaseAll(env(), 7);
  });

  it('an override of what is not reached lets nothing through', async () => {
    limits.set({ containmentsPerHour: 100 });
    const { receipt } = await outcomeOn(7, {
      overrides: ['limits'],
      reason: 'to be sure',
      requestedBy: 'ann',
    });
    assert.deepEqual(
      [receipt.verdict, receipt.overrides.filter((o) => o.letThrough !== null)],
      ['contained', []],
    );
    await releaseAll(env(), 7);
  });

  it('so many isolated at once: a host that was released makes room, one that is held does not', async () => {
    limits.set({ isolatedAtOnce: 2 });
    assert.equal((await outcomeOn(8)).receipt.verdict, 'contained', 'those of the tests before are released');
    assert.equal((await outcomeOn(9)).receipt.verdict, 'contained');
    const { receipt } = await outcomeOn(10);
    assert.deepEqual([receipt.verdict, receipt.problems[0]?.type], ['not-contained', 'LimitReached']);
    assert.match(receipt.summary, /2 hosts isolated by containments at once, and these are: HOST-8, HOST-9/);
    assert.equal(
      (await outcomeOn(8, { requestId: 'once more' })).receipt.verdict,
      'contained',
      'it has its place',
    );
    await releaseAll(env(), 9);
    assert.equal((await outcomeOn(10)).receipt.verdict, 'contained');
    assert.equal((await outcomeOn(9)).receipt.verdict, 'not-contained');
  });

  it('a lease that cannot answer keeps its place, and stops nobody', async () => {
    limits.set({ isolatedAtOnce: 2 });
    await releaseAll(env(), 10);
    // A workflow that knows no holds, in the place of the lease.
    const mute = await env().client.workflow.start(WORKFLOW_TYPES.brakes, {
      workflowId: leaseId(10),
      taskQueue: TASK_QUEUES.main,
      args: [{}],
    });
    assert.equal((await outcomeOn(9)).receipt.problems[0]?.type, 'LimitReached');
    await mute.terminate('end of the test');
    assert.equal((await outcomeOn(10)).receipt.verdict, 'contained');
  });

  it('two starts race for the last place: exactly one gets it', async () => {
    limits.set({ isolatedAtOnce: 3 });
    const runs = [await env().contain(isolateOnly(11)), await env().contain(isolateOnly(12))];
    const verdicts = await Promise.all(runs.map(async (run) => (await run.outcome()).receipt?.verdict));
    assert.deepEqual(verdicts.sort(), ['contained', 'not-contained']);
    const isolated = await Promise.all([8, 10, 11, 12].map((n) => wishAndFact(env(), n)));
    assert.equal(isolated.filter(([, fact]) => fact).length, 3);
  });

  it('a run that was let through and has not isolated yet keeps its place', async () => {
    limits.set({ isolatedAtOnce: 4 });
    await env().simulator.act.goOffline(13);
    await env().sleep('10m');
    const waiting = await env().contain(isolateOnly(13, { offlineWish: 'withhold' }));
    await env().sleep('2m');
    assert.deepEqual(await wishChanges(env(), 13), []);
    assert.equal((await outcomeOn(9)).receipt.problems[0]?.type, 'LimitReached');
    await env().simulator.act.comeOnline(13);
    assert.equal((await waiting.outcome()).receipt?.verdict, 'contained');
  });

  it('the last place of an hour is raced for, too', async () => {
    await env().sleep('61m');
    limits.set({ containmentsPerHour: 1 });
    const runs = await Promise.all([13, 14].map((n) => env().contain(isolateOnly(n))));
    const verdicts = await Promise.all(runs.map(async (run) => (await run.outcome()).receipt?.verdict));
    assert.deepEqual(verdicts.sort(), ['contained', 'not-contained']);
  });
});

describe('The brakes as a workflow', () => {
  it('start a new run after so many events, and lose nothing by it', async () => {
    const before = await env().playbook.brakes();
    const { runId } = await brakes().describe();
    for (let i = 0; (await brakes().describe()).runId === runId; i += 1) {
      assert.ok(i < 60, 'it never continued as new');
      await pause(`reason ${i}`);
      await resume();
    }
    const memo = brakesMemo((await brakes().describe()).memo);
    assert.deepEqual(
      memo?.isolated.map((s) => s.sensorId),
      before.isolated.map((s) => s.sensorId),
    );
    const state = await brakes().query<BrakesState>('brakes');
    assert.deepEqual([state.paused, state.events.length], [false, 20]);
    assert.equal(state.lastHour, memo?.lastHour.length);
    await pause('in the new run');
    assert.equal((await outcomeOn(14)).receipt.problems[0]?.type, 'Paused');
    await resume();
  });

  it('refuse updates that make no sense, and a cancel lets nothing go on', async () => {
    const send = (update: string, args: unknown) =>
      sent(env(), brakes().executeUpdate(update, { args: [args] })).catch(
        (error: { cause?: { type?: string } }) => error.cause?.type,
      );
    for (const [update, args] of [
      ['pause', {}],
      ['pause', { who: 'ben', why: ' ' }],
      ['pause', { who: 7, why: 'x' }],
      ['pause', null],
      ['resume', { why: 7 }],
      ['admit', { workflowId: 'x' }],
      ['admit', null],
    ] as const) {
      assert.equal(await send(update, args), 'InvalidRequest', `${update} ${JSON.stringify(args)}`);
    }
    await pause('stays');
    await brakes().cancel();
    await env().sleep('1m');
    assert.equal((await brakes().describe()).status.name, 'RUNNING');
    assert.equal((await env().playbook.brakes()).paused, true);
    await resume();
  });

  it('work where they were started by hand, without an argument', async () => {
    await brakes().terminate('somebody tidies up');
    await env().client.workflow.start(WORKFLOW_TYPES.brakes, {
      workflowId: BRAKES_ID,
      taskQueue: TASK_QUEUES.main,
      args: [],
    });
    const { changed, state } = await pause('by hand');
    assert.deepEqual([changed, state.paused, state.lastHour], [true, true, 0]);
    await resume();
  });
});
