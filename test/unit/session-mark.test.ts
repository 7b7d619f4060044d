import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkinTimeoutFor, type LiveSession, mayBeAskedFor } from '../../cb-response/index.js';

const MINUTE = 60_000;

function session(checkinTimeoutS: number | null): LiveSession {
  const what = { id: 1, sensorId: 1, hostname: 'H', status: 'pending', createTime: null };
  return { ...what, supportedCommands: [], checkinTimeoutS };
}

describe('How long a session may stay pending', () => {
  it('is asked for in whole seconds, and never as long as the server waits by itself.', () => {
    assert.equal(checkinTimeoutFor(MINUTE), 60);
    assert.equal(checkinTimeoutFor(MINUTE + 1), 61);
    for (const ms of [20 * MINUTE, 20 * MINUTE - 999]) assert.equal(checkinTimeoutFor(ms), 1_201);
  });

  it('tells a session that was asked for from any other, and nothing where the server does not say.', () => {
    assert.equal(mayBeAskedFor(session(60), 60), true);
    assert.equal(mayBeAskedFor(session(1_200), 60), false);
    assert.equal(mayBeAskedFor(session(null), 60), true);
  });
});
