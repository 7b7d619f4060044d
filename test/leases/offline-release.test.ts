import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LeaseState } from '../../contract/index.js';
import { fleet } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import {
  giveBack,
  leaseHandle,
  leaseOf,
  leaseStatus,
  personHolds,
  wishAndFact,
  wishChanges,
} from './support/lease.js';

const env = withEnvironment({ scenario: fleet(2) });

describe('Release of a host that is offline', () => {
  it('withdraws the wish at once, and is done only when the host is back and says so, hours later.', async () => {
    await personHolds(env(), 1, 'ana');
    await env().sleep('2m');
    await env().simulator.act.goOffline(1);
    await giveBack(env(), 1, 'person/ana');
    await env().sleep('1h');
    assert.deepEqual(await wishAndFact(env(), 1), [false, true]);
    assert.equal((await leaseOf(env(), 1)).wish, 'releasing');
    await env().sleep('2h');
    assert.equal(await leaseStatus(env(), 1), 'RUNNING');
    await env().simulator.act.comeOnline(1);
    const state = (await env().timePasses(leaseHandle(env(), 1).result())) as LeaseState;
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
    assert.equal(state.wish, 'released');
    assert.deepEqual(await wishChanges(env(), 1), ['set by playbook', 'cleared by playbook']);
  });

  it('that somebody else isolates meanwhile is theirs: nothing of it is withdrawn.', async () => {
    await personHolds(env(), 2, 'ana');
    await env().sleep('2m');
    await env().simulator.act.goOffline(2);
    await giveBack(env(), 2, 'person/ana');
    await env().sleep('1h');
    await env().simulator.act.setWish(2, true, 'carl');
    await env().simulator.act.comeOnline(2);
    const state = (await env().timePasses(leaseHandle(env(), 2).result())) as LeaseState;
    assert.deepEqual([state.wish, state.ours, state.before], ['released', false, true]);
    await env().sleep('3h');
    assert.deepEqual(await wishAndFact(env(), 2), [true, true]);
    assert.deepEqual(await wishChanges(env(), 2), ['set by playbook', 'cleared by playbook', 'set by carl']);
  });
});
