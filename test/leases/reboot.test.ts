import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleet } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { leaseOf, personHolds, releaseAll, saidBy, wishAndFact } from './support/lease.js';

/** A slow sensor whose report lags behind by one check-in: only so does the server itself show what a reboot lost. */
const env = withEnvironment({
  scenario: fleet(2, (n) => ({ rebootDropsIsolation: n === 1 })),
  checkinSeconds: 1_200,
  knobs: { factReporting: 'next-checkin' },
});

describe('A reboot while the host is held', () => {
  it('of an old Windows sensor loses the isolation until its check-in: told once, and healed.', async () => {
    await personHolds(env(), 1, 'ana');
    await env().sleep('2h');
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    await env().simulator.act.reboot(1);
    await env().sleep('3h');
    const said = (await saidBy(env(), 1)).filter((what) => what.includes('says that it is not isolated'));
    assert.equal(said.length, 2, said.join('\n'));
    assert.match(said[0] ?? '', /^HOST-1 says that it is not isolated any more: it was rebooted/);
    assert.match(said[1] ?? '', /^No longer: /);
    assert.deepEqual((await leaseOf(env(), 1)).drift, []);
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    await releaseAll(env(), 1);
  });

  it('of a newer one loses nothing, and nothing is told.', async () => {
    await personHolds(env(), 2, 'ana');
    await env().sleep('2h');
    await env().simulator.act.reboot(2);
    await env().sleep('3h');
    assert.ok(!(await saidBy(env(), 2)).some((what) => what.includes('not isolated')));
    await releaseAll(env(), 2);
  });
});
