import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

/** As an attempt ends whose worker woke up too late: no hold was taken. */
const tooLate = (): Promise<never> =>
  Promise.reject(
    ApplicationFailure.create({ type: 'DeadlinePassed', message: 'too late', nonRetryable: true }),
  );
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(2, (n) => ({ isolated: n === 1 })),
  activityOverrides: { isolate: tooLate },
});

async function contain(n: number) {
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
  const { receipt } = await run.outcome();
  assert.ok(receipt);
  assert.deepEqual(await effectsOn(env(), n, ['wish-set', 'wish-cleared', 'session-opened']), []);
  const { wish, fact } = await aftermath(env(), n, { path: EVIL_PATH, md5s: [] });
  return { receipt, wish, fact };
}

describe('A run that fails before it holds the lease', () => {
  it('leaves the isolation of somebody else, and is never rollback-incomplete for it', async () => {
    const { receipt, wish, fact } = await contain(1);
    assert.equal(receipt.verdict, 'rolled-back');
    assert.deepEqual(
      receipt.undo.map((u) => [u.change, u.outcome]),
      [['isolation', 'left']],
    );
    assert.match(receipt.undo[0]?.why ?? '', /somebody else/);
    assert.deepEqual([wish, fact], [true, true]);
  });

  it('has changed nothing where nobody had isolated the host, and lists its one problem once', async () => {
    const { receipt, wish } = await contain(2);
    assert.equal(receipt.verdict, 'not-contained');
    assert.deepEqual(receipt.undo, []);
    assert.deepEqual(receipt.problems, [{ step: 'isolate', type: 'DeadlinePassed', message: 'too late' }]);
    assert.equal(wish, false);
  });
});
