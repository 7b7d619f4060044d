import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as otherWork } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Session } from '../../client/session.js';
import { awaitClose } from '../../client/wait.js';

const SECONDS = 1_000;

/** A run that closes never, or after so many waits were broken off; what each wait left of its call's deadline is kept. */
function waitingFor(o: { closesAfter: number }) {
  const left: number[] = [];
  let deadline = 0;
  let signal: AbortSignal | undefined;
  const result = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (left.length === o.closesAfter) return resolve();
      signal?.addEventListener('abort', () => {
        left.push(deadline - Date.now());
        reject(new Error('Call cancelled'));
      });
    });
  const client = {
    workflow: { getHandle: () => ({ result }) },
    withDeadline: (at: number, run: () => unknown) => {
      deadline = at;
      return run();
    },
    withAbortSignal: (given: AbortSignal, run: () => unknown) => {
      signal = given;
      return run();
    },
  } as unknown as Client;
  const session: Session = { client, namespace: 'default', address: '', webBase: null };
  return { session, left };
}

test('Who waits for the end of a run asks once a minute, and never in the last seconds of a call', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { session, left } = waitingFor({ closesAfter: 3 });
  let closed = false;
  const waiting = awaitClose(session, { workflowId: 'contain/a', runId: 'r' }).then(() => (closed = true));
  for (let minute = 1; minute <= 3; minute += 1) {
    t.mock.timers.tick(60 * SECONDS);
    for (let turn = 0; turn < 3; turn += 1) await otherWork();
    assert.equal(left.length, minute);
  }
  await waiting;
  assert.ok(closed);
  assert.ok(
    left.every((ms) => ms >= 5 * SECONDS),
    `ms before the deadline: ${left.join(', ')}`,
  );
});

test('Who gives up waiting is let go at once, with the reason', async () => {
  const { session } = waitingFor({ closesAfter: Infinity });
  const given = new AbortController();
  const waiting = awaitClose(session, { workflowId: 'contain/a', runId: 'r' }, { signal: given.signal });
  await otherWork();
  given.abort(new Error('no more'));
  await assert.rejects(waiting, /no more/);
});
