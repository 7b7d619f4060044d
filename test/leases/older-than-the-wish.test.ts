import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Effect } from '../../simulator/index.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { giveBack, leaseOf, personHolds, releaseAll, wishAndFact } from './support/lease.js';

/** As the API reference has it (3.6): a sensor picks a wish up at one check-in and reports at the next one, here much later. */
const env = withEnvironment({
  scenario: fleet(4, (n) => (n === 3 ? { onlineFrom: null, lastSeenAgo: 7_200 } : {})),
  checkinSeconds: 300,
  knobs: { factReporting: 'next-checkin' },
});

async function timeOf(n: number, effect: Effect): Promise<number | null> {
  const ledger = await env().simulator.ledger();
  return ledger.filter((e) => e.sensorId === n && e.effect === effect).at(-1)?.at ?? null;
}

/** Lets time pass in small steps until the host has done it, whatever the server says of it. */
async function until(n: number, effect: Effect): Promise<number> {
  for (let minutes = 0; minutes < 60; minutes += 1) {
    const at = await timeOf(n, effect);
    if (at !== null) return at;
    await env().sleep('1m');
  }
  throw new Error(`${hostName(n)} was never ${effect}.`);
}

/** Held, isolated and reported so, given back, and back on the network; the server still shows it isolated. */
async function releasedAndNotReported(n: number): Promise<void> {
  await personHolds(env(), n, 'ana');
  await until(n, 'isolated');
  for (let i = 0; i < 60 && (await leaseOf(env(), n)).confirmedAt === null; i += 1) await env().sleep('1m');
  await giveBack(env(), n, 'person/ana');
  await until(n, 'released');
  assert.deepEqual(await wishAndFact(env(), n), [false, true], 'the report of the release is still to come');
}

describe('What a sensor reported before it could know of our wish', () => {
  it('is no isolation: a containment is contained only by what the sensor says later', async () => {
    await releasedAndNotReported(1);
    const released = await timeOf(1, 'released');
    const run = await env().contain({ hostname: hostName(1), kill: false });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt));
    const isolated = (await timeOf(1, 'isolated')) ?? 0;
    assert.ok(isolated > (released ?? Infinity), 'it was isolated anew');
    assert.ok(Date.parse(receipt.isolation.confirmedAt ?? '') > isolated, 'and only then confirmed');
    await releaseAll(env(), 1);
  });

  it('is no isolation for a person either: the host is not told to be isolated before it is', async () => {
    await releasedAndNotReported(4);
    await personHolds(env(), 4, 'ben');
    await env().sleep('1m');
    const lease = await leaseOf(env(), 4);
    assert.deepEqual([lease.wish, lease.fact, lease.confirmedAt], ['placed', null, null]);
    await env().sleep('2h');
    const isolated = (await timeOf(4, 'isolated')) ?? Infinity;
    assert.ok(((await leaseOf(env(), 4)).confirmedAt ?? 0) > isolated);
    await releaseAll(env(), 4);
  });

  it('is no release: a host that has isolated and not said so is released only by what it says later', async () => {
    await personHolds(env(), 2, 'ana');
    await until(2, 'isolated');
    assert.deepEqual(
      await wishAndFact(env(), 2),
      [true, false],
      'the report of the isolation is still to come',
    );
    await giveBack(env(), 2, 'person/ana');
    await env().sleep('1m');
    assert.equal((await leaseOf(env(), 2)).wish, 'releasing');
    const released = await until(2, 'released');
    for (let i = 0; i < 60 && (await leaseOf(env(), 2)).wish !== 'released'; i += 1) await env().sleep('1m');
    assert.ok(((await leaseOf(env(), 2)).releasedAt ?? 0) > released);
  });

  it('counts where the sensor has not been there since: an offline host is released at once', async () => {
    await personHolds(env(), 3, 'ana');
    await env().sleep('1m');
    await giveBack(env(), 3, 'person/ana');
    await env().sleep('1m');
    const lease = await leaseOf(env(), 3);
    assert.deepEqual([lease.wish, lease.holds.length], ['released', 0]);
    assert.notEqual(lease.releasedAt, null);
  });
});
