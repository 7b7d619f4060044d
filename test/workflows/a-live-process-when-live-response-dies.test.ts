import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FailurePolicy } from '../../contract/index.js';
import { aftermath } from './support/aftermath.js';
import { EVIL_PATH, evil, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const GIVEN = 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB';
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(4, (n) => ({ processes: [evil(n), evil(n, { pid: 2404 })] })),
});

/** Two instances are listed, one is killed, then the host goes silent for good. */
async function silencedAfterOneKill(n: number, onFailure: FailurePolicy) {
  const banMd5 = [`${GIVEN}${n}`];
  const hold = env().simulator.hold({
    method: 'POST',
    route: /\/command$/,
    bodyIncludes: { name: 'kill', object: 2404 },
    when: 'before',
  });
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe', onFailure, banMd5 });
  const ended = env().timePasses(run.outcome());
  await hold.arrived;
  await env().simulator.act.goOffline(n);
  hold.release();
  // A release is confirmed by the sensor only: it comes back once the wish is withdrawn.
  const stop = env().simulator.observe(async ({ phase, entry }) => {
    const body = entry.body as { network_isolation_enabled?: boolean } | null;
    if (phase === 'after' && entry.method === 'PUT' && body?.network_isolation_enabled === false) {
      await env().simulator.act.comeOnline(n);
    }
  });
  const outcome = await ended;
  stop();
  await env().simulator.act.comeOnline(n);
  await env().sleep('2m');
  assert.ok(outcome.receipt);
  const left = await aftermath(env(), n, { path: EVIL_PATH, md5s: banMd5 });
  return { ...outcome, receipt: outcome.receipt, left };
}

describe('A live process when Live Response dies', () => {
  it('keeps the host isolated and the bans standing under auto', async () => {
    const { type, receipt, left } = await silencedAfterOneKill(1, 'auto');
    assert.equal(type, 'contained-partly');
    assert.ok(receipt.gaps.includes('process-alive'));
    assert.deepEqual(receipt.undo, []);
    assert.ok(receipt.deadlinesPassed.some((d) => d.waitingFor === 'Live Response'));
    assert.deepEqual([left.wish, left.banned.length], [true, 1]);
  });

  it('is let go under release: everything of ours is undone', async () => {
    const { type, receipt, left } = await silencedAfterOneKill(2, 'release');
    assert.equal(type, 'rolled-back');
    assert.deepEqual(
      receipt.undo.map((u) => [u.change, u.outcome]),
      [
        ['ban', 'undone'],
        ['isolation', 'undone'],
      ],
    );
    assert.deepEqual([left.wish, left.fact, left.banned.length], [false, false, 0]);
  });

  it('changes nothing under keep, and the receipt says what failed', async () => {
    const { type, receipt, left } = await silencedAfterOneKill(3, 'keep');
    assert.equal(type, 'contained-partly');
    assert.deepEqual(receipt.undo, []);
    assert.ok(receipt.problems.some((p) => p.step === 'enumerate-and-kill'));
    assert.deepEqual([left.wish, left.banned.length], [true, 1]);
  });
});
