import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { REQUESTS } from '../workflows/support/fault-table.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { giveBack, leaseOf, leaseStatus, personHolds, wishAndFact, wishChanges } from './support/lease.js';

const env = withEnvironment({ scenario: fleet(6) });

async function refused(n: number, more = {}) {
  const fault = env().simulator.faults.add({
    ...REQUESTS['write the wish'](n),
    kind: { status: 405, body: 'no' },
  });
  const run = await env().contain({ hostname: hostName(n), kill: false, ...more });
  const { receipt } = await run.outcome();
  fault.remove();
  assert.ok(receipt);
  return receipt;
}

describe('A wish that the server refuses', () => {
  for (const [n, onFailure] of [
    [1, 'auto'],
    [2, 'keep'],
    [3, 'release'],
  ] as const) {
    it(`changes nothing, is never called pending, and is held by nobody: policy ${onFailure}.`, async () => {
      const receipt = await refused(n, { onFailure });
      assert.equal(receipt.verdict, 'not-contained');
      assert.equal(receipt.isolation.outcome, 'failed');
      assert.deepEqual(receipt.undo, []);
      assert.deepEqual((await leaseOf(env(), n)).holds, []);
      await env().sleep('25h');
      assert.equal(await leaseStatus(env(), n), 'COMPLETED');
      assert.equal((await leaseOf(env(), n)).reminders, 0);
      assert.deepEqual(await wishChanges(env(), n), []);
    });
  }

  it('keeps what else was done, under `keep`: the isolation is a gap, and nobody holds it.', async () => {
    const receipt = await refused(4, { kill: true, processName: 'evil.exe', onFailure: 'keep' });
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual([receipt.isolation.outcome, receipt.gaps], ['failed', ['isolation-lost']]);
    assert.equal(receipt.processes[0]?.outcome, 'killed');
    assert.deepEqual((await leaseOf(env(), 4)).holds, []);
  });

  it('gives back only the hold of this run: a person who holds it too still does.', async () => {
    await personHolds(env(), 5, 'ana');
    await env().sleep('2m');
    await env().simulator.act.setWish(5, false, 'carl');
    const receipt = await refused(5, { onFailure: 'keep' });
    assert.equal(receipt.isolation.outcome, 'failed');
    assert.deepEqual(
      (await leaseOf(env(), 5)).holds.map((h) => h.holdId),
      ['person/ana'],
    );
    await giveBack(env(), 5, 'person/ana');
  });
});

describe('A hold that a person gives back while its run still places the wish', () => {
  it('is not taken anew by the next attempt: the person’s word stands.', async () => {
    const fault = env().simulator.faults.add({ method: 'PUT', route: '/api/v1/sensor/6', kind: 'html-502' });
    const run = await env().contain({ hostname: hostName(6), kill: false });
    await env().sleep('5s');
    const [hold] = (await leaseOf(env(), 6)).holds;
    assert.ok(hold);
    await giveBack(env(), 6, hold.holdId);
    fault.remove();
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'rolled-back');
    const [problem] = receipt.problems;
    assert.deepEqual(
      [problem?.type, problem?.message],
      ['HoldExpired', "Somebody gave this run's hold on HOST-6 back: it is not taken anew."],
    );
    await env().sleep('1h');
    assert.deepEqual(await wishAndFact(env(), 6), [false, false]);
    assert.deepEqual(await wishChanges(env(), 6), []);
  });
});
