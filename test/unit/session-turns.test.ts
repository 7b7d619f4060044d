import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as otherWork } from 'node:timers/promises';
import { SessionTurns } from '../../activities/kill/turns.js';

let time = 0;
const clock = { now: () => time, sleep: async () => undefined };
const never = new AbortController().signal;

/** Somebody with the only turn, and others who wait, told in the order in which they get theirs. */
async function queue(
  ...waiting: { name: string; nextAt: number | null; first?: boolean; signal?: AbortSignal }[]
) {
  time = 0;
  const turns = new SessionTurns(1, clock);
  const order: string[] = [];
  assert.equal(
    await turns.take({ intervalMs: 5_000, nextAt: 0 }, { goesFirst: false, signal: never }),
    false,
  );
  for (const { name, nextAt, first = false, signal = never } of waiting) {
    turns.take({ intervalMs: 5_000, nextAt }, { goesFirst: first, signal }).then(
      () => order.push(name),
      () => order.push(`${name} left`),
    );
    await otherWork();
  }
  const give = async (): Promise<void> => {
    await turns.give();
    await otherWork();
  };
  return { turns, order, give };
}

describe('Turns for Live Response sessions', () => {
  it('are had by no more than so many at once', async () => {
    const { order, give } = await queue({ name: 'a', nextAt: 1_000 });
    assert.deepEqual(order, []);
    await give();
    assert.deepEqual(order, ['a']);
  });

  it('go to the host that checks in next, whichever interval its last known check-in was for', async () => {
    const { order, give } = await queue(
      { name: 'in 4 s', nextAt: 4_000 },
      { name: 'in 1 s, told an hour ago', nextAt: 1_000 - 3_600_000 },
      { name: 'too soon for this check-in', nextAt: 100 },
      { name: 'in 2 s', nextAt: 2_000 },
    );
    for (let i = 0; i < 4; i += 1) await give();
    assert.deepEqual(order, ['in 1 s, told an hour ago', 'in 2 s', 'in 4 s', 'too soon for this check-in']);
  });

  it('pass over a host that checks in sooner than sessions have lately stood', async () => {
    const { turns, order, give } = await queue(
      { name: 'in half a second', nextAt: 500 },
      { name: 'in 2 s', nextAt: 2_000 },
    );
    for (let i = 0; i < 10; i += 1) turns.tookToOpen(400);
    await give();
    await give();
    assert.deepEqual(order, ['in 2 s', 'in half a second']);
  });

  it('go first to who has a session already, and to who has waited too long', async () => {
    const { order, give } = await queue(
      { name: 'late', nextAt: 4_000 },
      { name: 'soon', nextAt: 1_000 },
      { name: 'has one', nextAt: 3_000, first: true },
    );
    await give();
    time = 60_001;
    await give();
    await give();
    assert.deepEqual(order, ['has one', 'late', 'soon']);
  });

  it('go past who has left, and are free again when nobody waits', async () => {
    const leaving = new AbortController();
    const { turns, order, give } = await queue(
      { name: 'a', nextAt: 1_000, signal: leaving.signal },
      { name: 'b', nextAt: 2_000 },
    );
    leaving.abort(new Error('cancelled'));
    await otherWork();
    await give();
    assert.deepEqual(order, ['a left', 'b']);
    await give();
    assert.equal(
      await turns.take({ intervalMs: 1, nextAt: null }, { goesFirst: false, signal: never }),
      false,
    );
  });
});
