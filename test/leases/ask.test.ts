import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ContainmentStatus } from '../../contract/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { replayAndClose } from '../workflows/support/with-environment.js';
import { asking, decide } from './support/asking.js';
import { releaseAll, wishAndFact, wishChanges } from './support/lease.js';
import { startReceiver, type Receiver } from './support/receiver.js';

let env: PlaybookTestEnvironment;
let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
  const notify = { url: receiver.url, all: false };
  env = await createPlaybookTestEnvironment({ scenario: fleet(8), checkinPhase: 0.1, notify });
  env.simulator.faults.add({
    method: 'POST',
    route: '/api/v1/cblr/session',
    kind: { status: 412, body: 'Live Response is off' },
  });
});
after(async () => {
  try {
    await replayAndClose(env);
  } finally {
    await receiver.close();
  }
});

describe('Failure policy `ask`: a step that cannot be carried out', () => {
  it('leaves everything as it is while a person is waited for, and tells what is wanted.', async () => {
    const run = await asking(env, 1);
    await env.sleep('30m');
    assert.deepEqual(await wishAndFact(env, 1), [true, true]);
    const status = await run.handle.query<ContainmentStatus>('status');
    assert.equal(status.step, 'ask');
    assert.ok(status.waitingFor.some((w) => /a person to decide/.test(w.what)));
    const [wanted, ...more] = receiver.events('approval-wanted').filter((e) => e.sensorId === 1);
    assert.equal(more.length, 0);
    assert.match(wanted?.text ?? '', /^HOST-1: enumerate-and-kill failed: .* Decide within 1h, else auto\.$/);
    await decide(run, 'keep');
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.failurePolicy, { policy: 'keep', changedBy: 'ben', why: 'ticket 7' });
    assert.deepEqual(await wishAndFact(env, 1), [true, true]);
    await releaseAll(env, 1);
  });

  it('is undone when the person says `release`.', async () => {
    const run = await asking(env, 2);
    await decide(run, 'release');
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'rolled-back');
    assert.deepEqual(receipt.failurePolicy, { policy: 'release', changedBy: 'ben', why: 'ticket 7' });
    assert.deepEqual(await wishChanges(env, 2), ['set by playbook', 'cleared by playbook']);
  });

  for (const [n, askDefault, verdict] of [
    [3, 'auto', 'rolled-back'],
    [4, 'release', 'rolled-back'],
    [5, 'keep', 'contained-partly'],
  ] as const) {
    it(`that nobody answers for goes on by its default, ${askDefault}: ${verdict}.`, async () => {
      const run = await asking(env, n, { askTimeout: '20m', askDefault });
      await env.sleep('15m');
      assert.deepEqual(await wishAndFact(env, n), [true, true]);
      const { receipt } = await run.outcome();
      assert.equal(receipt?.verdict, verdict);
      const { policy, changedBy, why } = receipt.failurePolicy;
      assert.deepEqual([policy, changedBy], [askDefault, 'the deadline']);
      assert.match(why ?? '', /^Nobody answered by /);
      assert.ok(receipt.deadlinesPassed.some((d) => d.waitingFor === 'a person to decide'));
      assert.deepEqual(await wishAndFact(env, n), askDefault === 'keep' ? [true, true] : [false, false]);
      if (askDefault === 'keep') await releaseAll(env, n);
    });
  }

  it('asks for a cancel too, and a decision before it asks is refused with a message that helps.', async () => {
    await env.simulator.act.goOffline(6);
    await env.sleep('20m');
    const run = await env.contain({ hostname: hostName(6), processName: 'evil.exe', onFailure: 'ask' });
    await env.sleep('1m');
    await assert.rejects(decide(run, 'keep'), (err: Error) => /asks nothing now/.test(String(err.cause)));
    await run.handle.cancel();
    await env.sleep('1m');
    assert.equal((await run.handle.query<ContainmentStatus>('status')).step, 'ask');
    assert.match(receiver.events('approval-wanted').at(-1)?.text ?? '', /^HOST-6: it was cancelled\./);
    await decide(run, 'release');
    const { closed, receipt } = await run.outcome();
    assert.deepEqual([closed, receipt?.verdict], ['cancelled', 'rolled-back']);
    assert.deepEqual(await wishChanges(env, 6), ['set by playbook', 'cleared by playbook']);
  });

  it('that is cancelled while it asks asks on, and keeps when told so.', async () => {
    const run = await asking(env, 7);
    await run.handle.cancel();
    await env.sleep('1m');
    await decide(run, 'keep');
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(await wishAndFact(env, 7), [true, true]);
    await releaseAll(env, 7);
  });

  it('is no question where the policy is another: it is frozen in the receipt as it was asked for.', async () => {
    // What is kept first keeps the lease for all: the time-skipping server trips over one that closes while it looks.
    for (const onFailure of ['keep', 'auto', 'release'] as const) {
      const run = await env.contain({ hostname: hostName(8), processName: 'evil.exe', onFailure });
      const { receipt } = await run.outcome();
      assert.deepEqual(receipt?.failurePolicy, { policy: onFailure, changedBy: null, why: null });
    }
    assert.deepEqual(
      receiver.events('approval-wanted').filter((e) => e.sensorId === 8),
      [],
    );
  });
});
