import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import {
  giveBack,
  leaseHandle,
  leaseOf,
  personHolds,
  releaseAll,
  sent,
  wishAndFact,
  wishChanges,
} from './support/lease.js';

const HOUR = 3_600_000;
const env = withEnvironment({
  scenario: fleet(4, (n) => (n === 1 ? { onlineFrom: null, lastSeenAgo: 7_200 } : {})),
});

/** A hold of a run, and the run that settles: what a containment sends to the lease. */
async function settles(n: number, run: string, verdict: string): Promise<void> {
  const holdId = `contain/${run}`;
  await personHolds(env(), n, 'ana', { holdId, workflowId: holdId, runId: run });
  await env().sleep('1m');
  await sent(
    env(),
    leaseHandle(env(), n).executeUpdate('extend', { args: [{ holdId, leaseMs: 4 * HOUR, verdict }] }),
  );
}

const kept = async (n: number): Promise<(string | null)[]> =>
  (await leaseOf(env(), n)).holds.map((h) => h.keptBecause);

describe('An end that a person sets', () => {
  it('to "until released" while the run still runs is kept when it settles.', async () => {
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe', lease: '1h' });
    await env().sleep('5m');
    const [hold] = (await leaseOf(env(), 1)).holds;
    await sent(
      env(),
      leaseHandle(env(), 1).executeUpdate('extend', {
        args: [{ holdId: hold?.holdId, leaseMs: null, who: 'ana' }],
      }),
    );
    await env().simulator.act.comeOnline(1);
    const { receipt } = await run.outcome();
    assert.deepEqual([receipt?.verdict, receipt?.isolation.expiresAt], ['contained', null]);
    const [settled] = (await leaseOf(env(), 1)).holds;
    assert.deepEqual([settled?.until, settled?.endAskedBy], [null, 'ana']);
    await env().sleep('3h');
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    await releaseAll(env(), 1);
  });
});

describe('Of several containments of one host the last decides', () => {
  it('that the host is released at the end, where it was contained after one that was not.', async () => {
    await settles(2, 'r1', 'contained-partly');
    await env().sleep('5h');
    assert.deepEqual(await kept(2), ['Its run ended contained-partly, not contained.']);
    await settles(2, 'r2', 'contained');
    await env().sleep('1h');
    assert.deepEqual(await kept(2), [null], 'the older one has ended, the newer one holds until its own end');
    assert.deepEqual(await wishAndFact(env(), 2), [true, true]);
    await env().timePasses(leaseHandle(env(), 2).result());
    assert.deepEqual(await wishChanges(env(), 2), ['set by playbook', 'cleared by playbook']);
  });

  it('that it stays, where a later one found what the first one did not.', async () => {
    await settles(3, 'r1', 'contained');
    await env().sleep('1h');
    await settles(3, 'r2', 'contained-partly');
    await env().sleep('5h');
    assert.deepEqual(await kept(3), [
      'The last containment of the host ended contained-partly, not contained.',
      'Its run ended contained-partly, not contained.',
    ]);
    assert.deepEqual(await wishAndFact(env(), 3), [true, true]);
    await releaseAll(env(), 3);
  });

  it('but says nothing of a run that was ended from outside after it.', async () => {
    await settles(4, 'r1', 'contained');
    await personHolds(env(), 4, 'ana', {
      holdId: 'contain/r2',
      workflowId: 'contain/r2',
      runId: 'r2',
      leaseMs: HOUR,
    });
    await env().sleep('5h');
    assert.deepEqual(await kept(4), ['Its run was ended from outside without a verdict.']);
    await giveBack(env(), 4, 'contain/r2');
    await env().timePasses(leaseHandle(env(), 4).result());
  });
});
