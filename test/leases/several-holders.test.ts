import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { giveBack, leaseHandle, leaseOf, personHolds, wishAndFact, wishChanges } from './support/lease.js';

const env = withEnvironment({ scenario: fleet(2) });

describe('Three holders of one host', () => {
  it('two incidents and a person: it is released with the last of them, never before.', async () => {
    const run = (id: string, more = {}) =>
      env().contain({ hostname: hostName(1), processName: 'evil.exe', ...more }, { workflowId: id });
    const first = await run('incident-1', { lease: '2h' });
    assert.equal((await first.outcome()).receipt?.isolation.outcome, 'isolated');
    const second = await run('incident-2');
    const { receipt } = await second.outcome();
    assert.equal(receipt?.isolation.outcome, 'already-isolated');
    await personHolds(env(), 1, 'ana', { reason: 'I want to look first' });
    assert.equal((await leaseOf(env(), 1)).holds.length, 3);

    await env().sleep('3h');
    assert.deepEqual(
      (await leaseOf(env(), 1)).holds.map((h) => h.holdId),
      [`incident-2/${second.runId}`, 'person/ana'],
      'the first has come to its end',
    );
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    await giveBack(env(), 1, 'person/ana');
    await env().sleep('1h');
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    await giveBack(env(), 1, `incident-2/${second.runId}`);
    await env().timePasses(leaseHandle(env(), 1).result());
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
    assert.deepEqual(await wishChanges(env(), 1), ['set by playbook', 'cleared by playbook']);
  });

  it('a run that is undone gives back its own hold only.', async () => {
    await personHolds(env(), 2, 'ana');
    await env().sleep('1m');
    const fault = env().simulator.faults.add({
      method: 'POST',
      route: '/api/v1/cblr/session',
      kind: { status: 412, body: 'Live Response is off' },
    });
    const run = await env().contain({ hostname: hostName(2), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    fault.remove();
    assert.equal(receipt?.verdict, 'rolled-back');
    assert.deepEqual(
      receipt.undo.map(({ change, outcome, why }) => [change, outcome, why]),
      [['isolation', 'left', '1 more hold it: person/ana.']],
    );
    assert.deepEqual(await wishAndFact(env(), 2), [true, true]);
    await giveBack(env(), 2, 'person/ana');
    await env().timePasses(leaseHandle(env(), 2).result());
    assert.deepEqual(await wishChanges(env(), 2), ['set by playbook', 'cleared by playbook']);
  });
});
