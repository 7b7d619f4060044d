import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitCodeOf } from '../../contract/index.js';
import { aftermath, effectsOn } from '../workflows/support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { leaseHandle, leaseOf, releaseAll, saidBy, wishAndFact, wishChanges } from './support/lease.js';
import { rareLooks } from './support/rare-looks.js';

const HOUR = 3_600_000;
const env = withEnvironment({
  scenario: fleet(2, () => ({ onlineFrom: null, lastSeenAgo: 7_200 })),
  activityOverrides: rareLooks(() => env(), 'awaitOnline', 'watchIsolation'),
});
const contain = (n: number, more = {}) =>
  env().contain({ hostname: hostName(n), processName: 'evil.exe', ...more });

describe('A host that is offline', () => {
  it('is waited for outside the Live Response queue, the wish placed at once, and contained when it is back after 71 hours.', async () => {
    const run = await contain(2);
    await env().sleep('71h');
    assert.deepEqual(await wishAndFact(env(), 2), [true, false]);
    assert.deepEqual((await env().simulator.state()).sessions, [], 'no slot is taken');
    await env().simulator.act.comeOnline(2);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['killed'],
    );
    const waited = Date.parse(receipt.processes[0]?.at ?? '') - Date.parse(receipt.startedAt);
    assert.ok(waited > 71 * HOUR && waited < 71.75 * HOUR, `${waited / HOUR} h`);
    const left = await aftermath(env(), 2, { path: EVIL_PATH, md5s: [evilMd5(2)] });
    assert.deepEqual(left, { wish: true, fact: true, alive: 0, banned: [evilMd5(2)], openSessions: [] });
    // Its lease stands until the environment ends: the time-skipping server trips over one that closes while it looks.
  });

  it('past 72 hours: the wish stands, isolation-pending; its lease isolates it when it is back, and reminds.', async () => {
    const run = await contain(1, { lease: '4h' });
    const { closed, type, receipt } = await run.outcome();
    assert.deepEqual([closed, type], ['failed', 'isolation-pending']);
    assert.ok(receipt);
    assert.equal(exitCodeOf(receipt), 11);
    assert.deepEqual(receipt.undo, []);
    assert.deepEqual(await effectsOn(env(), 1, ['session-opened']), []);
    const waited = Date.parse(receipt.endedAt ?? '') - Date.parse(receipt.startedAt);
    assert.ok(waited >= 72 * 3_600_000 && waited < 73 * 3_600_000, `${waited} ms`);
    assert.equal(receipt.verdict, 'isolation-pending');
    assert.equal(receipt.isolation.outcome, 'pending');
    assert.ok(receipt.gaps.includes('not-enumerated'));
    assert.ok(receipt.deadlinesPassed.some((d) => d.waitingFor === 'HOST-1 to check in'));
    assert.ok(receipt.notes.some((n) => /^The wish stands: when the host comes back it is isolated/.test(n)));

    const { historyLength } = await leaseHandle(env(), 1).describe();
    assert.ok(historyLength < 900, `${historyLength} events of three days with a run that waits`);

    await env().sleep('25h');
    assert.deepEqual(await wishAndFact(env(), 1), [true, false]);
    const reminder = (await saidBy(env(), 1)).filter((what) => what.startsWith('Reminder')).at(-1) ?? '';
    assert.match(reminder, /its isolation is wished and not confirmed yet/);
    assert.match(reminder, /Its run ended isolation-pending, not contained/);
    await env().simulator.act.comeOnline(1);
    await env().sleep('35m');
    assert.deepEqual(await wishAndFact(env(), 1), [true, true]);
    assert.ok((await leaseOf(env(), 1)).confirmedAt !== null);
    assert.ok((await saidBy(env(), 1)).includes('The sensor says that it is isolated.'));
    await releaseAll(env(), 1);
    assert.deepEqual(await wishChanges(env(), 1), ['set by playbook', 'cleared by playbook']);
  });
});
