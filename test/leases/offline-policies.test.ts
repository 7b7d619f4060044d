import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { leaseOf, releaseAll, wishAndFact, wishChanges } from './support/lease.js';

const env = withEnvironment({ scenario: fleet(9, () => ({ onlineFrom: null, lastSeenAgo: 7_200 })) });
const contain = (n: number, more = {}) =>
  env().contain({ hostname: hostName(n), processName: 'evil.exe', ...more });
const OURS = ['set by playbook', 'cleared by playbook'];

describe('What a request says of an offline host', () => {
  it('offline `fail`: refused at once, and nothing was changed.', async () => {
    const { receipt, closed } = await (await contain(1, { offline: 'fail' })).outcome();
    assert.deepEqual([closed, receipt?.verdict], ['failed', 'not-contained']);
    assert.equal(receipt?.problems[0]?.type, 'HostOffline');
    assert.deepEqual(await wishChanges(env(), 1), []);
  });

  it('offline `isolate-only`: isolated when it is back, its processes not waited for.', async () => {
    const run = await contain(2, { offline: 'isolate-only' });
    await env().sleep('30m');
    await env().simulator.act.comeOnline(2);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['not-enumerated']);
    assert.equal(receipt.isolation.outcome, 'isolated');
    assert.deepEqual(receipt.sessions, []);
    assert.ok(receipt.notes.some((n) => n.includes('its processes were not waited for')));
    await releaseAll(env(), 2);
  });

  it('offlineWish `withhold`: nothing stands on the server until the host is back.', async () => {
    const run = await contain(3, { offlineWish: 'withhold' });
    await env().sleep('30m');
    assert.deepEqual(await wishChanges(env(), 3), []);
    await env().simulator.act.comeOnline(3);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(await wishAndFact(env(), 3), [true, true]);
    await releaseAll(env(), 3);
  });

  for (const [n, onFailure] of [
    [4, 'auto'],
    [5, 'keep'],
  ] as const) {
    it(`offlineWish \`withhold\` past its time, policy ${onFailure}: the wish was never written.`, async () => {
      const { receipt } = await (
        await contain(n, { offlineWish: 'withhold', offlineFor: '30m', onFailure })
      ).outcome();
      assert.equal(receipt?.verdict, 'not-contained');
      assert.ok(receipt.problems.every((p) => p.type === 'DeadlinePassed'));
      assert.deepEqual(await wishChanges(env(), n), []);
    });
  }

  for (const [n, onFailure] of [
    [6, 'auto'],
    [7, 'keep'],
    [8, 'ask'],
  ] as const) {
    it(`offlineExpire \`withdraw\`, policy ${onFailure}: withdrawn at the deadline, confirmed, nobody asked.`, async () => {
      const run = await contain(n, { offlineFor: '30m', offlineExpire: 'withdraw', onFailure });
      await env().sleep('15m');
      assert.deepEqual(await wishAndFact(env(), n), [true, false]);
      const { receipt } = await run.outcome();
      assert.equal(receipt?.verdict, 'rolled-back');
      assert.ok(Date.parse(receipt.endedAt) - Date.parse(receipt.startedAt) < 40 * 60_000);
      assert.deepEqual(
        receipt.undo.map((u) => [u.change, u.outcome]),
        [['isolation', 'undone']],
      );
      assert.equal((await leaseOf(env(), n)).wish, 'released');
      assert.deepEqual(await wishChanges(env(), n), OURS);
      await env().simulator.act.comeOnline(n);
      await env().sleep('10m');
      assert.deepEqual(await wishAndFact(env(), n), [false, false], 'nothing fires later');
    });
  }

  it('a shorter time than 72 hours is kept to the letter.', async () => {
    const { receipt } = await (await contain(9, { offlineFor: '30m' })).outcome();
    assert.equal(receipt?.verdict, 'isolation-pending');
    const [passed] = receipt.deadlinesPassed.filter((d) => d.waitingFor === 'HOST-9 to check in');
    assert.equal(Date.parse(passed?.deadline ?? '') - Date.parse(receipt.startedAt), 30 * 60_000);
    await releaseAll(env(), 9);
  });
});
