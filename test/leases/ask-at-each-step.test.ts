import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { aftermath } from '../workflows/support/aftermath.js';
import { REQUESTS } from '../workflows/support/fault-table.js';
import { EVIL_PATH, evilMd5, fleet, hostName, md5Of } from '../workflows/support/hosts.js';
import { replayAndClose } from '../workflows/support/with-environment.js';
import { asking, decide, statusOf, untilItAsks } from './support/asking.js';
import { leaseOf, releaseAll, wishAndFact, wishChanges } from './support/lease.js';
import { startReceiver, type Receiver } from './support/receiver.js';

const OFFLINE = [4, 5, 6];
const NO = { status: 401, body: 'no' };
let env: PlaybookTestEnvironment;
let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
  env = await createPlaybookTestEnvironment({
    scenario: fleet(8, (n) => (OFFLINE.includes(n) ? { onlineFrom: null, lastSeenAgo: 7_200 } : {})),
    checkinPhase: 0.1,
    notify: { url: receiver.url, all: false },
  });
});
after(async () => {
  try {
    await replayAndClose(env);
  } finally {
    await receiver.close();
  }
});

const wanted = (n: number): string[] =>
  receiver.events('approval-wanted').flatMap((e) => (e.sensorId === n ? [e.text] : []));

describe('Failure policy `ask`, at the step', () => {
  it('isolate: nothing is killed while a person is asked, and nobody holds what was refused.', async () => {
    const fault = env.simulator.faults.add({ ...REQUESTS['write the wish'](1), kind: NO });
    const run = await asking(env, 1);
    fault.remove();
    assert.match(wanted(1)[0] ?? '', /^HOST-1: isolate failed: /);
    assert.deepEqual((await leaseOf(env, 1)).holds, []);
    await decide(run, 'auto');
    const { receipt } = await run.outcome();
    assert.deepEqual([receipt?.verdict, receipt?.isolation.outcome], ['not-contained', 'failed']);
    assert.deepEqual(await wishChanges(env, 1), []);
  });

  it('isolate: told to keep, the rest is carried out, and the isolation is a gap.', async () => {
    const fault = env.simulator.faults.add({ ...REQUESTS['write the wish'](2), kind: NO });
    const run = await asking(env, 2);
    fault.remove();
    await decide(run, 'keep');
    const { receipt } = await run.outcome();
    assert.deepEqual([receipt?.verdict, receipt?.gaps], ['contained-partly', ['isolation-lost']]);
    assert.equal(receipt?.processes[0]?.outcome, 'killed');
    assert.deepEqual(await wishAndFact(env, 2), [false, false]);
  });

  for (const [n, decision, verdict] of [
    [3, 'release', 'rolled-back'],
    [7, 'keep', 'contained-partly'],
  ] as const) {
    it(`ban: ${decision} leaves ${verdict}.`, async () => {
      const fault = env.simulator.faults.add({ ...REQUESTS.ban(), kind: NO });
      const run = await asking(env, n, { banMd5: [md5Of(`given-${n}`)] });
      fault.remove();
      assert.match(wanted(n)[0] ?? '', /: ban failed: /);
      await decide(run, decision);
      const { receipt } = await run.outcome();
      assert.equal(receipt?.verdict, verdict);
      const { wish, banned } = await aftermath(env, n, {
        path: EVIL_PATH,
        md5s: [evilMd5(n), md5Of(`given-${n}`)],
      });
      assert.ok(!banned.includes(md5Of(`given-${n}`)));
      assert.equal(wish, decision === 'keep');
      if (decision === 'keep') await releaseAll(env, n);
    });
  }

  for (const [n, decision, verdict] of [
    [4, 'release', 'rolled-back'],
    [5, 'keep', 'isolation-pending'],
  ] as const) {
    it(`confirm: ${decision} leaves ${verdict}.`, async () => {
      const run = await env.contain({ hostname: hostName(n), kill: false, onFailure: 'ask' });
      await env.sleep('5m');
      assert.deepEqual(await wishAndFact(env, n), [true, false]);
      const fault = env.simulator.faults.add({ ...REQUESTS['read the wish'](n), kind: NO });
      await untilItAsks(env, run);
      fault.remove();
      assert.match(wanted(n)[0] ?? '', /: confirm-isolation failed: /);
      await decide(run, decision);
      const { receipt } = await run.outcome();
      assert.equal(receipt?.verdict, verdict);
      assert.deepEqual(await wishAndFact(env, n), [decision === 'keep', false]);
      if (decision === 'keep') await releaseAll(env, n);
    });
  }

  it('offline wait: a host that was set up anew is asked about, and the old wish withdrawn when told so.', async () => {
    const run = await env.contain({ hostname: hostName(6), processName: 'evil.exe', onFailure: 'ask' });
    await env.sleep('3h');
    const heir = await env.simulator.act.reinstall(6);
    await env.simulator.act.comeOnline(heir);
    await env.sleep('1h');
    await untilItAsks(env, run);
    assert.deepEqual(await wishAndFact(env, 6), [true, false], 'as it is, while a person is asked');
    await decide(run, 'release');
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'rolled-back');
    assert.ok(receipt.problems.some((p) => p.type === 'TargetChanged'));
    assert.deepEqual(await wishChanges(env, 6), ['set by playbook', 'cleared by playbook']);
  });
});

describe('A run that asks while it works on', () => {
  it('says that it asks, asks once, and takes one answer, whatever else begins meanwhile.', async () => {
    const fault = env.simulator.faults.add({ ...REQUESTS.kill(), kind: { status: 403, body: 'no' } });
    const run = await asking(env, 8);
    await env.sleep('5m');
    // A hash that is given while the question stands is banned beside it.
    const request = { hostname: hostName(8), banMd5: [md5Of('late')], kill: false };
    await run.handle.executeUpdate('join', { args: [{ request }] });
    await env.sleep('5m');
    const status = await statusOf(run);
    assert.equal(status.step, 'ask');
    assert.ok(status.bans.some((b) => b.md5 === md5Of('late') && b.outcome === 'banned'));
    assert.match(status.summary, /^HOST-8: ask; waiting for a person to decide/);
    fault.remove();
    await decide(run, 'keep');
    await assert.rejects(decide(run, 'release'), (err: Error) => /asks nothing|ends/.test(String(err.cause)));
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.failurePolicy, { policy: 'keep', changedBy: 'ben', why: 'ticket 7' });
    assert.equal(wanted(8).length, 1);
    await releaseAll(env, 8);
  });
});
