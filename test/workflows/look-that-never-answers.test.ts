import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { exitCodeOf } from '../../contract/index.js';
import { aftermath } from './support/aftermath.js';
import { EVIL_PATH, evil, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

/**
 * Looks at a slow fact that never get to say "not met": each fails as one of a server that hangs, or of a worker whose
 * clock is behind, and is tried again until Temporal gives up. (Time does not skip past a request that really hangs.)
 */
const never = (type: 'NotYet' | 'OutcomeUnknown') => (): Promise<never> =>
  Promise.reject(ApplicationFailure.create({ type, message: 'no answer', nextRetryDelay: '20s' }));
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(3, (n) => ({ processes: [evil(n, { indexedAfter: null })] })),
  activityOverrides: { awaitIsolation: never('OutcomeUnknown'), awaitHash: never('NotYet') },
});
const left = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] });

describe('A look at the isolation that never answers', () => {
  it('is isolation-pending at the deadline, and never rolled back', async () => {
    const hold = env().simulator.hold({ method: 'PUT', route: '/api/v1/sensor/1', when: 'after' });
    const run = await env().contain({ hostname: hostName(1), kill: false });
    await hold.arrived;
    await env().simulator.act.goOffline(1);
    hold.release();
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'isolation-pending');
    assert.equal(exitCodeOf(receipt), 11);
    assert.deepEqual(receipt.undo, []);
    assert.equal((await left(1)).wish, true);
    const passed = receipt.deadlinesPassed.find((d) => /isolation confirmed/.test(d.waitingFor));
    const after = Date.parse(passed?.deadline ?? '') - Date.parse(receipt.isolation.requestedAt ?? '');
    assert.ok(Math.abs(after - 300_000) < 60_000, `a deadline of five minutes: ${after} ms`);
    assert.deepEqual(
      receipt.problems.map((p) => [p.step, p.type]),
      [['confirm-isolation', 'OutcomeUnknown']],
    );
  });

  it('is contained where the last read says so', async () => {
    const run = await env().contain({ hostname: hostName(2), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(receipt.isolation.outcome, 'isolated');
    assert.deepEqual(await left(2), {
      wish: true,
      fact: true,
      alive: 0,
      banned: [evilMd5(2)],
      openSessions: [],
    });
  });
});

describe('A look for a hash that never answers', () => {
  it('is hash-unknown at the deadline: the host stays isolated', async () => {
    const disk = env().simulator.faults.add({
      method: 'POST',
      bodyIncludes: { name: 'get file' },
      kind: { status: 400, body: 'not now' },
    });
    const run = await env().contain({ hostname: hostName(3), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    disk.remove();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['hash-unknown']);
    assert.deepEqual([receipt.bans, receipt.undo], [[], []]);
    assert.equal(receipt.processes[0]?.outcome, 'killed');
    assert.ok(receipt.deadlinesPassed.some((d) => d.waitingFor.includes(EVIL_PATH)));
    assert.equal((await left(3)).fact, true);
  });
});
