import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostLookupError, NoSuchLeaseError } from '../../client/index.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
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

const env = withEnvironment({ scenario: fleet(4, (n) => (n === 4 ? { onlineFrom: null } : {})) });
const WORDS = { reason: 'clean', who: 'ben' };

describe('release of a lease that was terminated while it released its host', () => {
  it('goes on with it: the isolation is ours, and never called somebody else’s.', async () => {
    await personHolds(env(), 1, 'ana');
    await env().sleep('2m');
    const fault = env().simulator.faults.add({ method: 'PUT', route: '/api/v1/sensor/1', kind: 'html-502' });
    await giveBack(env(), 1, 'person/ana');
    await env().sleep('10s');
    assert.equal((await leaseOf(env(), 1)).wish, 'releasing');
    await leaseHandle(env(), 1).terminate('somebody in Temporal Web');
    fault.remove();
    await env().sleep('20m');
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    const done = await env().timePasses(env().playbook.release('sensor-1', { ...WORDS, waitMs: 0 }));
    assert.ok(['pending', 'released'].includes(done.outcome), done.outcome);
    assert.deepEqual(done.ended, []);
    assert.doesNotMatch(done.host.summary, /somebody else/);
    await env().timePasses(leaseHandle(env(), 1).result());
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
    assert.deepEqual(await wishChanges(env(), 1), ['set by playbook', 'cleared by playbook']);
  });
});

describe('release of a terminated lease that a running containment holds', () => {
  it('takes it up, and names the containment.', async () => {
    const run = await env().contain({ hostname: hostName(4), processName: 'evil.exe', onFailure: 'release' });
    await env().sleep('10m');
    await leaseHandle(env(), 4).terminate('somebody in Temporal Web');
    const done = await env().timePasses(env().playbook.release('sensor-4', { ...WORDS, waitMs: 0 }));
    assert.deepEqual([done.outcome, done.ended, done.host.lease], ['held', [], 'running']);
    assert.deepEqual(
      done.remaining.map((h) => [h.workflowId, h.running]),
      [[run.workflowId, true]],
    );
    await run.handle.cancel();
    await run.outcome();
  });
});

describe('The verbs on a sensor that was deleted from the server', () => {
  it('status and extend know it by its lease, and do not call it isolated.', async () => {
    await personHolds(env(), 2, 'ana');
    await env().sleep('2m');
    await env().simulator.act.deleteSensor(2);
    const early = await env().timePasses(env().playbook.hostStatus('isolation/2'));
    assert.deepEqual([early.hostname, early.wish, early.fact, early.online], ['HOST-2', null, null, null]);
    assert.match(early.summary, /^HOST-2 is not known to be isolated: the server does not know its sensor/);
    await env().sleep('1h');
    const extended = await env().timePasses(env().playbook.extend('sensor-2', '2h', { who: 'ben' }));
    assert.equal(extended.holdId, 'person/ana');
    assert.notEqual(extended.until, null);
    assert.match(extended.host.summary, /^HOST-2 is not known to be isolated; held by ana, until 20/);
  });

  it('isolate refuses it, for nothing is there to isolate.', async () => {
    const error = await env().timePasses(
      env()
        .playbook.isolate('sensor-2', WORDS)
        .catch((err: unknown) => err),
    );
    assert.ok(error instanceof HostLookupError, String(error));
    assert.equal(error.code, 'NoSuchHost');
    assert.deepEqual(
      (await leaseOf(env(), 2)).holds.map((h) => h.holdId),
      ['person/ana'],
    );
  });

  it('release ends its hold and the lease closes; that it is released nobody says.', async () => {
    const done = await env().timePasses(env().playbook.release('isolation/2', { ...WORDS, waitMs: 20_000 }));
    assert.deepEqual([done.outcome, done.ended, done.remaining], ['gone', ['person/ana'], []]);
    assert.match(done.host.summary, /server does not know its sensor any more, and nobody holds it\.$/);
    assert.equal(await leaseStatus(env(), 2), 'COMPLETED');
    const again = await env().timePasses(
      env()
        .playbook.release('isolation/2', WORDS)
        .catch((err: unknown) => err),
    );
    assert.ok(again instanceof NoSuchLeaseError, String(again));
  });

  it('a lease that was ended from outside as well is taken up, and its holds can be given back.', async () => {
    await personHolds(env(), 3, 'ana');
    await env().sleep('2m');
    await leaseHandle(env(), 3).terminate('somebody in Temporal Web');
    await env().simulator.act.deleteSensor(3);
    const seen = await env().timePasses(env().playbook.hostStatus('sensor-3'));
    assert.deepEqual([seen.lease, seen.holds.length], ['ended-from-outside', 1]);
    const done = await env().timePasses(env().playbook.release('sensor-3', { ...WORDS, waitMs: 20_000 }));
    assert.deepEqual([done.outcome, done.ended], ['gone', ['person/ana']]);
  });

  it('a sensor that no lease knows stays unknown.', async () => {
    const error = await env().timePasses(
      env()
        .playbook.hostStatus('sensor-4711')
        .catch((err: unknown) => err),
    );
    assert.ok(error instanceof HostLookupError, String(error));
  });
});
