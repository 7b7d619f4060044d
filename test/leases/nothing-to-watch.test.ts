import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { REFUSED, REQUESTS } from '../workflows/support/fault-table.js';
import { fleet } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import {
  giveBack,
  leaseHandle,
  leaseOf,
  leaseStatus,
  personHolds,
  releaseAll,
  sent,
  saidBy,
  wishAndFact,
} from './support/lease.js';

const env = withEnvironment({ scenario: fleet(4) });

/** Held by ana, isolated, and watched. */
async function held(n: number): Promise<void> {
  await personHolds(env(), n, 'ana');
  await env().sleep('5m');
  assert.deepEqual(await wishAndFact(env(), n), [true, true]);
}

describe('A lease whose watch has ended waits, and does not go round and round', () => {
  it('where nobody holds it any more and a tombstone keeps it open.', async () => {
    await held(1);
    await giveBack(env(), 1, 'person/nobody');
    await giveBack(env(), 1, 'person/ana');
    await env().sleep('2m');
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
    assert.equal((await leaseOf(env(), 1)).wish, 'released');
    assert.equal(await leaseStatus(env(), 1), 'RUNNING');
    await env().timePasses(leaseHandle(env(), 1).result());
  });

  it('where the server refuses to isolate a host that was isolated before.', async () => {
    await held(2);
    await env().simulator.act.setWish(2, false, 'carl');
    await env().sleep('15m');
    const fault = env().simulator.faults.add({ ...REQUESTS['write the wish'](2), kind: REFUSED['405'] });
    await personHolds(env(), 2, 'ben');
    await env().sleep('5m');
    const lease = await leaseOf(env(), 2);
    assert.deepEqual([lease.wish, lease.problem?.type, lease.ours], ['refused', 'Forbidden', true]);
    await env().sleep('25h');
    assert.match(
      (await saidBy(env(), 2)).at(-1) ?? '',
      /^Reminder 1: HOST-2: its isolation does not stand any more, held by person\/ana, person\/ben\. Somebody/,
    );
    fault.remove();
    await releaseAll(env(), 2);
  });
});

describe('A later holder that is refused', () => {
  it('does not end the watch for those who held before: what happens to the host is still told.', async () => {
    await held(3);
    const fault = env().simulator.faults.add({ ...REQUESTS['read the wish'](3), kind: REFUSED['403'] });
    const validUntil = (await env().clock.now()) + 600_000;
    await sent(
      env(),
      leaseHandle(env(), 3).executeUpdate('acquire', { args: [{ holdId: 'person/ben', validUntil }] }),
    );
    await env().sleep('1m');
    const lease = await leaseOf(env(), 3);
    assert.deepEqual([lease.wish, lease.ours, lease.problem?.type], ['placed', true, 'Forbidden']);
    fault.remove();
    await env().simulator.act.setWish(3, false, 'carl');
    await env().sleep('30m');
    const later = await leaseOf(env(), 3);
    assert.deepEqual(
      [later.drift.map((d) => d.kind), later.problem],
      [['wish-withdrawn'], null],
      'and a good look clears the problem',
    );
    await releaseAll(env(), 3);
  });

  it('is refused alone: one who comes meanwhile gets an attempt of its own.', async () => {
    const fault = env().simulator.faults.add({
      ...REQUESTS['write the wish'](4),
      kind: REFUSED['405'],
      times: 1,
    });
    const hold = env().simulator.hold({ ...REQUESTS['write the wish'](4), when: 'before' });
    await personHolds(env(), 4, 'ana');
    await hold.arrived;
    await personHolds(env(), 4, 'ben');
    hold.release();
    await env().sleep('2m');
    fault.remove();
    assert.equal((await leaseOf(env(), 4)).wish, 'placed');
    assert.deepEqual(await wishAndFact(env(), 4), [true, true]);
    await releaseAll(env(), 4);
  });
});
