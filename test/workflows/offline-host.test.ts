import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { exitCodeOf } from '../../contract/index.js';
import type { Outcome } from '../../testing/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evilMd5, hostName, fleet } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const HOUR = 3_600_000;
const env = withEnvironment({
  scenario: fleet(2, (n) => ({ onlineFrom: n === 1 ? 71 * 3_600 : null })),
});

const left = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] });

describe('A host that is offline', () => {
  let started: number;
  let coming: Outcome;
  let never: Outcome;
  // Both at once: they wait for three days of the same clock.
  before(async () => {
    started = await env().clock.now();
    const runs = [1, 2].map((n) => env().contain({ hostname: hostName(n), processName: 'evil.exe' }));
    [coming, never] = (await Promise.all(runs.map(async (run) => (await run).outcome()))) as [
      Outcome,
      Outcome,
    ];
  });

  it('is contained when it comes online after 71 hours', async () => {
    const { closed, receipt } = coming;
    assert.equal(closed, 'completed');
    assert.equal(receipt?.verdict, 'contained');
    const waited = Date.parse(receipt.processes[0]?.at ?? '') - started;
    assert.ok(waited > 70 * HOUR && waited < 73 * HOUR, `${waited / HOUR} h`);
    assert.deepEqual(await left(1), {
      wish: true,
      fact: true,
      alive: 0,
      banned: [evilMd5(1)],
      openSessions: [],
    });
  });

  it('takes no Live Response slot while it is waited for', async () => {
    const opened = await effectsOn(env(), 1, ['session-opened', 'came-online']);
    assert.deepEqual(
      opened.map((e) => e.effect),
      ['came-online', 'session-opened'],
    );
  });

  it('that never comes online is isolation-pending after 72 hours: its wish stands under its lease', async () => {
    const { closed, type, receipt } = never;
    assert.deepEqual([closed, type], ['failed', 'isolation-pending']);
    assert.ok(receipt);
    assert.equal(exitCodeOf(receipt), 11);
    assert.ok(receipt.problems.some((p) => p.type === 'DeadlinePassed'));
    const passed = receipt.deadlinesPassed.find((d) => /check in/.test(d.waitingFor));
    const after = Date.parse(passed?.deadline ?? '') - started;
    assert.ok(Math.abs(after - 72 * HOUR) < HOUR, `${after / HOUR} h`);
    assert.deepEqual(receipt.undo, []);
    assert.ok(receipt.gaps.includes('not-enumerated'));
    assert.deepEqual(await left(2), { wish: true, fact: false, alive: 1, banned: [], openSessions: [] });
    assert.deepEqual(await effectsOn(env(), 2, ['session-opened']), []);
  });
});
