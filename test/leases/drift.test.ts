import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { REFUSED, REQUESTS } from '../workflows/support/fault-table.js';
import { fleet } from '../workflows/support/hosts.js';
import { replayAndClose } from '../workflows/support/with-environment.js';
import { leaseOf, personHolds, releaseAll, saidBy, wishAndFact, wishChanges } from './support/lease.js';
import { startReceiver, type Receiver } from './support/receiver.js';

let env: PlaybookTestEnvironment;
let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
  env = await createPlaybookTestEnvironment({
    scenario: fleet(8),
    checkinPhase: 0.1,
    notify: { url: receiver.url, all: false },
  });
});
after(async () => {
  try {
    await replayAndClose(env);
  } finally {
    await receiver.close();
  }
});

/** Held by a person, and seen isolated. */
async function held(sensorId: number, onDrift?: 'tell' | 'reassert'): Promise<void> {
  await personHolds(env, sensorId, 'ana', { onDrift });
  await env.sleep('2m');
  assert.deepEqual(await wishAndFact(env, sensorId), [true, true]);
  assert.deepEqual((await leaseOf(env, sensorId)).drift, []);
}

const kinds = async (sensorId: number): Promise<string[]> =>
  (await leaseOf(env, sensorId)).drift.map((d) => d.kind);
/** Kinds of drift that people were told of, by the first words of each text. */
const told = (sensorId: number): string[] =>
  receiver
    .events('drift')
    .filter((e) => e.sensorId === sensorId)
    .map((e) => e.text.replace(/^HOST-\d+: /, ''));

describe('Drift of a held host', () => {
  it('wish-withdrawn: told once, by policy `tell` not written again, and healing is said.', async () => {
    await held(1);
    await env.simulator.act.setWish(1, false, 'carl');
    await env.sleep('2h');
    assert.deepEqual(await kinds(1), ['wish-withdrawn']);
    assert.deepEqual(told(1), ['Somebody withdrew the wish to isolate HOST-1 while it was held.']);
    assert.deepEqual(await wishChanges(env, 1), ['set by playbook', 'cleared by carl']);

    await env.simulator.act.setWish(1, true, 'carl');
    await env.sleep('20m');
    assert.deepEqual(await kinds(1), []);
    assert.ok((await saidBy(env, 1)).some((what) => /^No longer: Somebody withdrew/.test(what)));
    // The isolation that stands now is his.
    assert.equal((await leaseOf(env, 1)).wish, 'foreign');
    await releaseAll(env, 1);
    assert.deepEqual(await wishAndFact(env, 1), [true, true]);
    assert.deepEqual((await wishChanges(env, 1)).at(-1), 'set by carl');
  });

  it('wish-withdrawn: by policy `reassert` written once more, and a second withdrawal is respected.', async () => {
    await held(2, 'reassert');
    await env.simulator.act.setWish(2, false, 'carl');
    await env.sleep('20m');
    assert.deepEqual(await wishAndFact(env, 2), [true, true]);
    assert.deepEqual(await kinds(2), []);
    assert.deepEqual(told(2).length, 1);

    await env.simulator.act.setWish(2, false, 'carl');
    await env.sleep('2h');
    assert.deepEqual(await wishAndFact(env, 2), [false, false]);
    assert.deepEqual(await kinds(2), ['wish-withdrawn']);
    assert.deepEqual(told(2).length, 2);
    const changes = ['set by playbook', 'cleared by carl', 'set by playbook', 'cleared by carl'];
    assert.deepEqual(await wishChanges(env, 2), changes);
    await releaseAll(env, 2);
    assert.deepEqual(await wishChanges(env, 2), changes, 'nothing is left to release');
  });

  it('wish-withdrawn: told also where it cannot be written once more, and then it is not ours.', async () => {
    await held(7, 'reassert');
    const fault = env.simulator.faults.add({ ...REQUESTS['write the wish'](7), kind: REFUSED['403'] });
    await env.simulator.act.setWish(7, false, 'carl');
    await env.sleep('1h');
    fault.remove();
    assert.deepEqual(await kinds(7), ['wish-withdrawn']);
    assert.equal(told(7).length, 1);
    await env.simulator.act.setWish(7, true, 'carl');
    await env.sleep('30m');
    assert.equal((await leaseOf(env, 7)).wish, 'foreign');
    await releaseAll(env, 7);
    assert.deepEqual(await wishAndFact(env, 7), [true, true]);
  });

  it('wish-withdrawn: `reassert` stays when a later holder has no wish for it.', async () => {
    await held(8, 'reassert');
    await personHolds(env, 8, 'ben', { onDrift: 'tell' });
    await env.sleep('5m');
    await env.simulator.act.setWish(8, false, 'carl');
    await env.sleep('30m');
    assert.deepEqual(await wishAndFact(env, 8), [true, true]);
    await env.sleep('24h');
    assert.match((await saidBy(env, 8)).at(-1) ?? '', /^Reminder 1: HOST-8: it is isolated for /);
    await releaseAll(env, 8);
  });

  it('silent: check-ins stop after the isolation; told once, and healed when they go on.', async () => {
    await held(4);
    await env.simulator.act.goOffline(4);
    await env.sleep('3h');
    assert.deepEqual(await kinds(4), ['silent']);
    assert.equal(told(4).length, 1);
    assert.match(told(4)[0] ?? '', /^HOST-4 has not checked in for .* since it was isolated\.$/);
    await env.simulator.act.comeOnline(4);
    await env.sleep('20m');
    assert.deepEqual(await kinds(4), []);
    assert.ok((await saidBy(env, 4)).some((what) => /^No longer: HOST-4 has not checked in/.test(what)));
    await releaseAll(env, 4);
  });

  it('sensor-replaced: set up anew under another sensor, which is not isolated; it is left alone.', async () => {
    await held(5);
    const heir = await env.simulator.act.reinstall(5);
    await env.sleep('2h');
    assert.ok((await kinds(5)).includes('sensor-replaced'));
    const replaced = told(5).filter((text) => text.includes('another sensor'));
    assert.deepEqual(replaced, [
      `The host answers under another sensor now: sensor ${heir} has the name now, isolated: NO.`,
    ]);
    assert.deepEqual(await wishAndFact(env, heir), [false, false]);
    assert.deepEqual(await wishChanges(env, heir), []);
  });

  it('sensor-gone: deleted from the server; its hold can be given back, and the lease closes.', async () => {
    await held(6);
    await env.simulator.act.deleteSensor(6);
    await env.sleep('2h');
    assert.deepEqual(await kinds(6), ['sensor-gone']);
    assert.equal(told(6).length, 1);
    assert.match(told(6)[0] ?? '', /^Sensor 6 is not known to the server any more/);
    await releaseAll(env, 6);
  });
});
