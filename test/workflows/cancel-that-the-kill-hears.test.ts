import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { type FailurePolicy, type FailurePolicyArgs, UPDATES } from '../../contract/index.js';
import type { RequestMatch } from '../../simulator/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evil, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(7, (n) => ({ processes: [evil(n), evil(n, { pid: 2404 })] })),
});
const command = (name: string, more: object = {}): RequestMatch => ({
  method: 'POST',
  route: /\/command$/,
  bodyIncludes: { name, ...more },
});
const FIRST_KILL = command('kill', { object: 2400 });

/** A cancel that the activity knows of before the held request goes on: a heartbeat of the real clock tells it. */
async function cancelledAt(n: number, at: RequestMatch, when: 'before' | 'after', policy?: FailurePolicy) {
  const hold = env().simulator.hold({ ...at, when });
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
  const ended = env().timePasses(run.outcome());
  await hold.arrived;
  if (policy) {
    const args: [FailurePolicyArgs] = [{ policy, who: 'ana', why: 'the owner asks for it' }];
    await run.handle.executeUpdate<unknown, [FailurePolicyArgs]>(UPDATES.failurePolicy, { args });
  }
  await run.handle.cancel();
  await sleep(2_200);
  hold.release();
  const outcome = await ended;
  await env().sleep('2m');
  assert.ok(outcome.receipt);
  const left = await aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] });
  const kills = (await effectsOn(env(), n, ['killed'])).length;
  return { ...outcome, receipt: outcome.receipt, left, kills };
}

describe('A cancel that the kill hears', () => {
  it('before the first list stops there: nothing is killed, all is rolled back', async () => {
    const { closed, receipt, left, kills } = await cancelledAt(1, command('process list'), 'before');
    assert.deepEqual([closed, receipt.verdict, kills], ['cancelled', 'rolled-back', 0]);
    assert.deepEqual(left, { wish: false, fact: false, alive: 2, banned: [], openSessions: [] });
  });

  it('while the session is opened, by a request whose answer is lost, leaves none open', async () => {
    const open: RequestMatch = { method: 'POST', route: 'POST /api/v1/cblr/session' };
    const lost = env().simulator.faults.add({ ...open, times: 1, kind: 'act-then-cut' });
    const { closed, receipt, left } = await cancelledAt(7, open, 'before');
    assert.deepEqual([closed, lost.hits()], ['cancelled', 1]);
    assert.deepEqual(left.openSessions, []);
    assert.deepEqual(
      receipt.sessions.map((s) => [s.ours, s.closed]),
      [[true, true]],
    );
  });

  it('between two kills stops, and keeps the host with its live process isolated: Failed, not Cancelled', async () => {
    const { closed, type, receipt, left, kills } = await cancelledAt(2, FIRST_KILL, 'after');
    assert.deepEqual([closed, type, kills], ['failed', 'contained-partly', 1]);
    assert.ok(receipt.gaps.includes('process-alive'));
    assert.ok(receipt.problems.some((p) => p.type === 'Cancelled'));
    assert.deepEqual([left.wish, left.fact, left.alive, left.openSessions], [true, true, 1, []]);
  });

  it('after the policy was set to release undoes it all, live process or not, and says who set it', async () => {
    const { closed, receipt, left } = await cancelledAt(3, FIRST_KILL, 'after', 'release');
    assert.deepEqual([closed, receipt.verdict], ['cancelled', 'rolled-back']);
    assert.deepEqual([left.wish, left.fact, left.openSessions], [false, false, []]);
    assert.deepEqual(receipt.failurePolicy, {
      policy: 'release',
      changedBy: 'ana',
      why: 'the owner asks for it',
    });
  });

  it('after the policy was set to keep leaves what was done, live process or not', async () => {
    const { closed, type, receipt, left } = await cancelledAt(4, command('process list'), 'before', 'keep');
    assert.deepEqual([closed, type], ['failed', 'contained-partly']);
    assert.deepEqual(receipt.undo, []);
    assert.deepEqual([left.wish, left.fact, left.openSessions], [true, true, []]);
  });
});
