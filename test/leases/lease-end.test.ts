import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LeaseState } from '../../contract/index.js';
import { evil, fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import {
  leaseHandle,
  leaseOf,
  leaseStatus,
  personHolds,
  releaseAll,
  wishAndFact,
  wishChanges,
} from './support/lease.js';
import { rareLooks } from './support/rare-looks.js';

const env = withEnvironment({
  scenario: fleet(6, (n) => {
    if (n === 2) return { processes: [evil(2, { kill: 'denied' })] };
    return n === 6 ? { onlineFrom: null } : {};
  }),
  activityOverrides: rareLooks(() => env(), 'watchIsolation'),
});
const contain = (n: number, more = {}) =>
  env().contain({ hostname: hostName(n), processName: 'evil.exe', lease: '4h', ...more });

describe('A lease with an end', () => {
  it('is given back at its end when the run ended contained, and the sensor confirms the release.', async () => {
    const { receipt } = await (await contain(1)).outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.ok(receipt.isolation.expiresAt);
    const left = Date.parse(receipt.isolation.expiresAt) - Date.parse(receipt.endedAt);
    assert.ok(Math.abs(left - 4 * 3_600_000) < 120_000, `the end counts from settle: ${left}`);

    await env().sleep('3h');
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    const closed = (await env().timePasses(leaseHandle(env(), 1).result())) as LeaseState;
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
    assert.equal(closed.wish, 'released');
    assert.ok(closed.releasedAt !== null);
    assert.ok(closed.releasedAt >= Date.parse(receipt.isolation.expiresAt));
    assert.ok(closed.releasedAt < Date.parse(receipt.isolation.expiresAt) + 120_000);
    assert.deepEqual(await wishChanges(env(), 1), ['set by playbook', 'cleared by playbook']);
  });

  it('stays past its end when a process lived, and its reminder says why.', async () => {
    const { receipt } = await (await contain(2)).outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    await env().sleep('25h');
    assert.deepEqual(await wishAndFact(env(), 2), [true, true]);
    const lease = await leaseOf(env(), 2);
    assert.match(lease.holds[0]?.keptBecause ?? '', /contained-partly, not contained/);
    assert.equal(lease.reminders, 1);
    assert.match(
      lease.events.at(-1)?.what ?? '',
      /^Reminder 1: HOST-2: .*ended contained-partly, not contained/,
    );
    await releaseAll(env(), 2);
    assert.deepEqual(await wishAndFact(env(), 2), [false, false]);
  });

  it('that is extended at its last second stands for the new time, and no longer.', async () => {
    const { receipt } = await (await contain(3)).outcome();
    const end = Date.parse(receipt?.isolation.expiresAt ?? '');
    const [hold] = (await leaseOf(env(), 3)).holds;
    await env().sleep(end - 1_000 - (await env().temporal.currentTimeMs()));
    await leaseHandle(env(), 3).executeUpdate('extend', {
      args: [{ holdId: hold?.holdId, leaseMs: 2 * 3_600_000, who: 'ana' }],
    });
    await env().sleep('119m');
    assert.deepEqual(await wishAndFact(env(), 3), [true, true]);
    await env().timePasses(leaseHandle(env(), 3).result());
    assert.deepEqual(await wishAndFact(env(), 3), [false, false]);
    assert.deepEqual(await wishChanges(env(), 3), ['set by playbook', 'cleared by playbook']);
  });

  it("of a person's own ends too: a person asked for it.", async () => {
    await personHolds(env(), 4, 'ana', { leaseMs: 3_600_000 });
    await env().sleep('50m');
    assert.deepEqual(await wishAndFact(env(), 4), [true, true]);
    await env().sleep('15m');
    assert.deepEqual(await wishAndFact(env(), 4), [false, false]);
    assert.equal(await leaseStatus(env(), 4), 'COMPLETED');
  });

  it('without an end stands until somebody gives it back.', async () => {
    const { receipt } = await (await contain(5, { lease: undefined })).outcome();
    assert.equal(receipt?.isolation.expiresAt, null);
    await env().sleep('26h');
    assert.deepEqual(await wishAndFact(env(), 5), [true, true]);
    await releaseAll(env(), 5);
    assert.deepEqual(await wishAndFact(env(), 5), [false, false]);
  });

  it('does not end under a run that still runs: the end counts from settle.', async () => {
    const run = await contain(6, { lease: '5m' });
    await env().sleep('20m');
    assert.deepEqual(await wishAndFact(env(), 6), [true, false], 'the run waits for an offline host');
    const [hold] = (await leaseOf(env(), 6)).holds;
    assert.deepEqual([hold?.verdict, hold?.keptBecause], [null, null]);
    await env().simulator.act.comeOnline(6);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.ok(Date.parse(receipt.isolation.expiresAt ?? '') > Date.parse(receipt.endedAt));
    await env().timePasses(leaseHandle(env(), 6).result());
    assert.deepEqual(await wishAndFact(env(), 6), [false, false]);
  });
});
