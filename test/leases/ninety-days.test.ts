import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { after, before } from 'node:test';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { fleet } from '../workflows/support/hosts.js';
import { replayAndClose } from '../workflows/support/with-environment.js';
import { leaseHandle, leaseOf, personHolds, releaseAll, wishAndFact, wishChanges } from './support/lease.js';
import { startReceiver, type Receiver } from './support/receiver.js';

const HOUR = 3_600_000;
let env: PlaybookTestEnvironment;
let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
  const notify = { url: receiver.url, all: false };
  env = await createPlaybookTestEnvironment({ scenario: fleet(2), checkinPhase: 0.1, notify });
});
after(async () => {
  try {
    await replayAndClose(env);
  } finally {
    await receiver.close();
  }
});

describe('A host that is held for 90 days', () => {
  it('costs fewer than 300 events a lease a day at the default pace.', async (t) => {
    await personHolds(env, 1, 'ana');
    await env.sleep('1h');
    const before = (await leaseHandle(env, 1).describe()).historyLength;
    await env.sleep('24h');
    const events = (await leaseHandle(env, 1).describe()).historyLength - before;
    assert.ok(events > 0 && events < 300, `${events} events a day`);
    t.diagnostic(`${events} events a lease a day`);
    await releaseAll(env, 1);
  });

  it('stays held by the same person over new runs with small histories, and is reminded of each day.', async () => {
    // The looks themselves leave no events, so their pace is no matter here.
    await personHolds(env, 2, 'ana', { reason: 'long case' }, { watchEveryMs: 12 * HOUR });
    const { runId: first } = await leaseOf(env, 2);
    await env.sleep('1h');
    let longest = 0;
    for (let days = 0; days < 90; days += 15) {
      await env.sleep('15d');
      longest = Math.max(longest, (await leaseHandle(env, 2).describe()).historyLength);
    }
    const lease = await leaseOf(env, 2);
    assert.notEqual(lease.runId, first, 'it went on as a new run');
    assert.ok(longest < 500, `${longest} events in the longest history`);
    assert.deepEqual(
      lease.holds.map((h) => [h.holdId, h.who, h.reason]),
      [['person/ana', 'ana', 'long case']],
    );
    assert.equal(lease.reminders, 90);
    assert.equal(lease.fact, true);
    assert.deepEqual(await wishAndFact(env, 2), [true, true]);
    assert.equal(receiver.events('reminder').filter((e) => e.sensorId === 2).length, 90);

    await releaseAll(env, 2);
    assert.deepEqual(await wishAndFact(env, 2), [false, false]);
    assert.deepEqual(await wishChanges(env, 2), ['set by playbook', 'cleared by playbook']);
  });
});
