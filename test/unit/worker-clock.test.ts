import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Context } from '@temporalio/activity';
import { ActivityNotFoundError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { Deps } from '../../activities/deps.js';
import { slowFact } from '../../activities/slow-fact.js';
import { requireStillOurs } from '../../activities/still-ours.js';
import { noteBegin, temporalNow } from '../../activities/temporal-time.js';

const NOW = Date.UTC(2026, 0, 5, 8);
const HOUR_MS = 3_600_000;
const EVERY_MS = 500;

/** An attempt that Temporal scheduled just now, of an activity that began some time before. */
function attempt(waitedMs = 0, heartbeat: () => Promise<void> = () => Promise.resolve()): Context {
  return {
    info: {
      scheduledTimestampMs: NOW - waitedMs,
      currentAttemptScheduledTimestampMs: NOW,
      startToCloseTimeoutMs: 25_000,
      heartbeatDetails: undefined,
    },
    cancellationSignal: new AbortController().signal,
    client: { activity: { heartbeat } },
  } as unknown as Context;
}

const worker = (aheadMs: number): Deps =>
  ({ clock: { now: () => NOW + aheadMs, sleep: () => Promise.resolve() } }) as unknown as Deps;

async function look(deadline: number, aheadMs: number, waitedMs = 0) {
  const [deps, context] = [worker(aheadMs), attempt(waitedMs)];
  await noteBegin(deps, context);
  const notYet = (): Promise<{ met: boolean; seen: string }> => Promise.resolve({ met: false, seen: 'not' });
  return await slowFact(deps, context, { deadline, everyMs: EVERY_MS }, 'it', notYet).then(
    ({ met }) => ({ met, delay: null }),
    (err: { nextRetryDelay?: unknown }) => ({ met: null, delay: err.nextRetryDelay }),
  );
}

describe('A slow fact, looked at by a worker whose clock is an hour off', () => {
  for (const aheadMs of [HOUR_MS, -HOUR_MS, 0]) {
    it(`is waited for until its deadline, and not given up before: ${aheadMs / HOUR_MS} h ahead`, async () => {
      assert.deepEqual(await look(NOW + 60_000, aheadMs), { met: null, delay: EVERY_MS });
      assert.deepEqual(await look(NOW - 1, aheadMs), { met: false, delay: null });
    });
  }

  it('is looked at as often as it would be by any other worker', async () => {
    assert.deepEqual(await look(NOW + HOUR_MS, HOUR_MS, 50_000), { met: null, delay: EVERY_MS });
    assert.deepEqual(await look(NOW + HOUR_MS, HOUR_MS, 5 * 60_000), { met: null, delay: 2_000 });
    assert.deepEqual(await look(NOW + HOUR_MS, -HOUR_MS, 11 * 60_000), { met: null, delay: 60_000 });
  });
});

describe('The time that deadlines are compared with', () => {
  async function timeOf(aheadMs: number, setMs = 0): Promise<number> {
    const context = attempt();
    await noteBegin(worker(aheadMs), context);
    return (await temporalNow(worker(aheadMs + setMs), context)) - NOW;
  }

  it('is the clock of the worker, where it is right', async () => {
    assert.deepEqual([await timeOf(20), await timeOf(20, 900)], [20, 920]);
  });

  it('is the clock of Temporal and what has passed since, where the clock of the worker is not', async () => {
    assert.deepEqual([await timeOf(HOUR_MS), await timeOf(HOUR_MS, 900)], [0, 900]);
    assert.deepEqual([await timeOf(-HOUR_MS), await timeOf(-HOUR_MS, 900)], [0, 900]);
  });

  it('has passed for a machine that slept in the midst of an attempt', async () => {
    assert.equal(await timeOf(20, HOUR_MS), HOUR_MS + 20);
  });

  it('does not go back where the clock is set back in the midst of an attempt', async () => {
    assert.equal(await timeOf(20, -HOUR_MS), 20);
  });
});

describe('Before a change a worker asks whether the attempt is still its own', () => {
  const lost = (): Promise<void> => Promise.reject(new ActivityNotFoundError('gone'));

  for (const aheadMs of [HOUR_MS, -HOUR_MS, 6_000]) {
    it(`when its clock is ${aheadMs / 1_000} s from when the attempt began`, async () => {
      await assert.rejects(requireStillOurs(worker(aheadMs), attempt(0, lost)), CancelledFailure);
      await requireStillOurs(worker(aheadMs), attempt());
    });
  }

  it('and not when it has only just begun', async () => {
    await requireStillOurs(worker(100), attempt(0, lost));
  });
});
