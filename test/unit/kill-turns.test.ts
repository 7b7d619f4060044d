import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as otherWork } from 'node:timers/promises';
import { HostKillTurns } from '../../activities/kill/kill-turns.js';

const never = new AbortController().signal;

/** Takes a turn, and tells when it has come. */
function takes(turns: HostKillTurns, order: string[], name: string, sensorId = 1, signal = never) {
  const turn = turns.take(sensorId, signal);
  turn.then(
    () => order.push(name),
    () => order.push(`${name} left`),
  );
  return turn;
}

describe('Turns for kills', () => {
  it('come to one after the other on a host, in the order in which they were asked for', async () => {
    const turns = new HostKillTurns();
    const order: string[] = [];
    const give = await takes(turns, order, 'a');
    const second = takes(turns, order, 'b');
    takes(turns, order, 'c').catch(() => undefined);
    await otherWork();
    assert.deepEqual(order, ['a']);
    give(true);
    const giveSecond = await second;
    await otherWork();
    assert.deepEqual(order, ['a', 'b']);
    giveSecond(true);
    await otherWork();
    assert.deepEqual(order, ['a', 'b', 'c']);
  });

  it('of different hosts do not wait for each other', async () => {
    const turns = new HostKillTurns();
    const order: string[] = [];
    await takes(turns, order, 'a', 1);
    await takes(turns, order, 'b', 2);
    assert.deepEqual(order, ['a', 'b']);
  });

  it('are not held up by one who left while it waited', async () => {
    const turns = new HostKillTurns();
    const order: string[] = [];
    const leaves = new AbortController();
    const give = await takes(turns, order, 'a');
    const left = takes(turns, order, 'b', 1, leaves.signal);
    takes(turns, order, 'c').catch(() => undefined);
    leaves.abort(new Error('cancelled'));
    await assert.rejects(left, /cancelled/);
    await otherWork();
    assert.deepEqual(order, ['a', 'b left'], 'who comes after still waits for the one before');
    give(false);
    await otherWork();
    assert.deepEqual(order, ['a', 'b left', 'c']);
    await assert.rejects(turns.take(1, leaves.signal), /cancelled/);
  });

  it('count the kills of a host, and not the turns that killed nobody', async () => {
    const turns = new HostKillTurns();
    (await turns.take(1, never))(true);
    (await turns.take(1, never))(false);
    (await turns.take(2, never))(true);
    (await turns.take(1, never))(true);
    assert.deepEqual(
      [1, 2, 3].map((id) => turns.killsOn(id)),
      [2, 1, 0],
    );
  });
});
