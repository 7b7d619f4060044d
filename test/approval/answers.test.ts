import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { UPDATES } from '../../contract/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { releaseAll, wishAndFact } from '../leases/support/lease.js';
import { type Receiver, startReceiver } from '../leases/support/receiver.js';
import { aftermath, effectsOn } from '../workflows/support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from '../workflows/support/hosts.js';
import { replayAndClose } from '../workflows/support/with-environment.js';
import { approve, asking, deny, EVIL, refusal, statusOf, untilItAsks } from './support/approving.js';

let env: PlaybookTestEnvironment;
let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
  const notify = { url: receiver.url, all: false };
  env = await createPlaybookTestEnvironment({
    scenario: fleet(8),
    checkinSeconds: 5,
    checkinPhase: 0.1,
    notify,
  });
});
after(async () => {
  try {
    await replayAndClose(env);
  } finally {
    await receiver.close();
  }
});

const untouched = async (n: number) => {
  const left = await aftermath(env, n, { path: EVIL_PATH, md5s: [evilMd5(n)] });
  return { alive: left.alive, banned: left.banned };
};

describe('A run that waits for approval of its plan (before-kill)', () => {
  it('isolates first, shows what it would do, tells people, and does exactly that once approved', async () => {
    const { run, plan } = await asking(env, 1);
    assert.deepEqual(await wishAndFact(env, 1), [true, true]);
    assert.deepEqual(await untouched(1), { alive: 1, banned: [] });
    assert.match(plan.digest, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      plan.processes.map((p) => [p.path, p.outcome, p.md5]),
      [[EVIL_PATH, 'unknown', evilMd5(1)]],
    );
    assert.deepEqual(
      plan.hashes.map((h) => [h.md5, h.judgement]),
      [[evilMd5(1), 'ban']],
    );
    const status = await statusOf(run);
    assert.deepEqual(status.approval?.because, ['the request asks for approval (before-kill)']);
    assert.ok(status.waitingFor.some((w) => w.what === 'approval of the plan' && w.deadline !== null));
    await env.sleep('30m');
    assert.deepEqual(await untouched(1), { alive: 1, banned: [] });
    const [wanted, ...more] = receiver.events('approval-wanted').filter((e) => e.sensorId === 1);
    assert.equal(more.length, 0);
    assert.match(
      wanted?.text ?? '',
      /^HOST-1: 1 kill\(s\) and 1 ban\(s\) wait .*approve contain\/host-1 --digest [0-9a-f]{64}/,
    );
    assert.deepEqual(await approve(env, run, plan.digest), { answer: 'approved', digest: plan.digest });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    const { mode, answer, digest, who, why, plans } = receipt.approval ?? {};
    assert.deepEqual([mode, answer, digest], ['before-kill', 'approved', plan.digest]);
    assert.deepEqual([who, why, plans], ['ben', 'ticket 7', 1]);
    assert.deepEqual(await untouched(1), { alive: 0, banned: [evilMd5(1)] });
    assert.deepEqual(
      receipt.sessions.map((s) => [s.ours, s.closed]),
      [
        [true, true],
        [true, true],
      ],
    );
  });

  it('that is denied kills and bans nothing, and the host stays isolated', async () => {
    const { run } = await asking(env, 2);
    await deny(env, run);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['process-alive', 'ban-refused']);
    assert.deepEqual(
      receipt.problems.map((p) => [p.step, p.type]),
      [['approval', 'Denied']],
    );
    assert.match(receipt.processes[0]?.why ?? '', /^ben denied the plan \(a false alarm\)/);
    assert.equal(receipt.approval?.answer, 'denied');
    assert.deepEqual(await untouched(2), { alive: 1, banned: [] });
    assert.deepEqual(await wishAndFact(env, 2), [true, true]);
    await releaseAll(env, 2);
  });

  it('that nobody answers kills and bans nothing either, and the host stays isolated', async () => {
    const { run, plan } = await asking(env, 3, { approvalTimeout: '20m' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(
      receipt.problems.map((p) => [p.step, p.type]),
      [['approval', 'NotApproved']],
    );
    assert.deepEqual([receipt.approval?.answer, receipt.approval?.digest], ['expired', plan.digest]);
    assert.ok(receipt.deadlinesPassed.some((d) => d.waitingFor === 'approval of the plan'));
    assert.deepEqual(await untouched(3), { alive: 1, banned: [] });
    assert.deepEqual(await wishAndFact(env, 3), [true, true]);
    await releaseAll(env, 3);
  });

  it('takes no other digest, nothing that is none, and no second answer', async () => {
    const run = await env.contain({ hostname: hostName(4), ...EVIL, approval: 'before-kill' });
    const early = await refusal(approve(env, run, 'a'.repeat(64)));
    assert.deepEqual(early, { type: 'NotAsking', message: 'This run waits for no approval now.' });
    const plan = await untilItAsks(env, run);
    const stale = await refusal(approve(env, run, 'a'.repeat(64)));
    assert.equal(stale.type, 'StaleDigest');
    assert.ok(stale.message.includes(plan.digest), stale.message);
    const bad = await refusal(approve(env, run, 'yes'));
    assert.deepEqual([bad.type, /64 hex digits/.test(bad.message)], ['InvalidRequest', true]);
    const wordy = run.handle.executeUpdate(UPDATES.deny, { args: [{ why: 'x'.repeat(2_000) }] });
    assert.equal((await refusal(wordy)).type, 'InvalidRequest');
    await approve(env, run, plan.digest);
    const twice = await refusal(approve(env, run, plan.digest));
    assert.equal(twice.type, 'NotAsking');
    assert.match(twice.message, /approved by ben/);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual([receipt.approval?.answer, receipt.approval?.plans], ['approved', 1]);
  });

  it('that is cancelled does what its failure policy says: a live match keeps the host isolated', async () => {
    const { run, plan } = await asking(env, 5);
    await run.handle.cancel();
    await env.sleep('1m');
    const { closed, receipt } = await run.outcome();
    assert.deepEqual([closed, receipt?.verdict], ['failed', 'contained-partly']);
    assert.equal(receipt?.approval?.answer, null);
    assert.deepEqual(await untouched(5), { alive: 1, banned: [] });
    assert.deepEqual(await wishAndFact(env, 5), [true, true]);
    assert.equal(receipt?.plan?.digest, plan.digest);
    await releaseAll(env, 5);
  });

  it('that is cancelled under `release` gives the host back', async () => {
    const { run } = await asking(env, 6, { onFailure: 'release' });
    await run.handle.cancel();
    const { closed, receipt } = await run.outcome();
    assert.deepEqual([closed, receipt?.verdict], ['cancelled', 'rolled-back']);
    assert.deepEqual(await wishAndFact(env, 6), [false, false]);
  });
});

describe('A run that waits for approval of everything (before-all)', () => {
  it('does not isolate either before it is approved', async () => {
    const { run, plan } = await asking(env, 7, { approval: 'before-all' });
    await env.sleep('10m');
    assert.deepEqual(await effectsOn(env, 7, ['wish-set', 'killed']), []);
    assert.ok(plan.steps.some((s) => s.step === 'isolate'));
    await approve(env, run, plan.digest);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(receipt.approval?.mode, 'before-all');
    assert.deepEqual(await wishAndFact(env, 7), [true, true]);
  });

  it('that is denied has changed nothing: not contained, exit 16', async () => {
    const { run } = await asking(env, 8, { approval: 'before-all' });
    await deny(env, run);
    const { closed, receipt } = await run.outcome();
    assert.deepEqual([closed, receipt?.verdict], ['failed', 'not-contained']);
    assert.match(receipt?.summary ?? '', /nothing was changed\. approval: ben denied the plan/);
    assert.deepEqual(await effectsOn(env, 8, ['wish-set', 'killed']), []);
  });
});
