import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as timing from '../../workflows/timing.js';

/** Found by `npm run proof -- --part kill-points`: a look at a slow fact was missed for 25 s when its worker died. */
it('A worker that died in a look that a run waits for is missed after ten seconds.', () => {
  const { quickRead, longRead, mutating, leaseCall, liveResponse, undoing, lastRead } = timing;
  const all = [quickRead, longRead, mutating, leaseCall, liveResponse, undoing, lastRead];
  for (const options of [...all, timing.slowFact(60_000, 0)]) {
    assert.equal(options.heartbeatTimeout, 10_000, JSON.stringify(options));
  }
});

/** Found by the same: a release was looked at again five minutes after a worker had died, for it had been looked at often. */
it('A look whose worker died is taken up again within ten seconds, however many looks went before it.', () => {
  for (const { retry } of [timing.slowFact(60_000, 0), timing.givingBack]) {
    const { initialInterval, backoffCoefficient, maximumInterval } = retry ?? {};
    const first = Number(initialInterval);
    const longest = backoffCoefficient === 1 ? first : Number(maximumInterval);
    assert.ok(longest <= 10_000, JSON.stringify(retry));
  }
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const checkin = { lastAt: null, nextAt: null, online: true, bootId: null };

it('Live Response on an online sensor has until its next check-in, two intervals and a minute, three minutes at least.', () => {
  const budget = (intervalMs: number, nextAt: number | null) =>
    timing.liveResponseBudget({ ...checkin, intervalMs, nextAt }, 0);
  assert.equal(budget(300 * SECOND, 200 * SECOND), (200 + 600 + 60) * SECOND);
  assert.equal(budget(300 * SECOND, null), (300 + 600 + 60) * SECOND);
  assert.equal(budget(30 * SECOND, 10 * SECOND), 3 * MINUTE);
  assert.equal(budget(300 * SECOND, 86_400 * SECOND), (300 + 600 + 60) * SECOND, 'a clock of another day');
});

it('The isolation fact has three intervals, five minutes at least; of an offline host as long as it is waited for.', () => {
  const until = (intervalMs: number, online: boolean) =>
    timing.isolationFactDeadline({ ...checkin, online, intervalMs }, 7, 72 * 60 * MINUTE);
  assert.equal(until(300 * SECOND, true), 7 + 15 * MINUTE);
  assert.equal(until(30 * SECOND, true), 7 + 5 * MINUTE);
  assert.equal(until(30 * SECOND, false), 7 + 72 * 60 * MINUTE);
});

it('A hash that the index does not know yet is waited for a quarter of an hour.', () => {
  assert.equal(timing.DEADLINES.hashIndexed, 15 * MINUTE);
});
