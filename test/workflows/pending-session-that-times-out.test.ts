import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const INTERVAL_S = 20;
const env = withEnvironment({ checkinSeconds: INTERVAL_S, scenario: fleet(1) });

describe('A pending session that times out before the host checks in', () => {
  it('is no failure: another one is opened, and the host that is back is contained', async () => {
    const { simulator } = env();
    let opens = 0;
    const stop = simulator.observe(async ({ phase, entry }) => {
      if (phase !== 'after' || entry.method !== 'POST' || entry.path !== '/api/v1/cblr/session') return;
      opens += 1;
      if (opens === 1) await simulator.act.goOffline(1);
      if (opens === 2) await simulator.act.comeOnline(1);
    });
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe' });
    const { closed, receipt } = await run.outcome().finally(stop);
    assert.ok(receipt);
    assert.deepEqual([closed, receipt.verdict], ['completed', 'contained']);
    const went = await effectsOn(env(), 1, [
      'session-opened',
      'session-timeout',
      'session-active',
      'session-closed',
    ]);
    assert.deepEqual(
      went.map((e) => e.effect),
      ['session-opened', 'session-timeout', 'session-opened', 'session-active', 'session-closed'],
    );
    const [opened, timedOut] = went.map((e) => e.at);
    assert.equal((timedOut ?? 0) - (opened ?? 0), 2 * INTERVAL_S * 1_000, 'two check-in intervals');
    assert.deepEqual(receipt.sessions, [
      { id: went[0]?.sessionId, ours: true, closed: true, why: 'It ended before we closed it.' },
      { id: went[2]?.sessionId, ours: true, closed: true, why: null },
    ]);
    assert.deepEqual([receipt.problems, receipt.deadlinesPassed], [[], []]);
    assert.deepEqual(await aftermath(env(), 1, { path: EVIL_PATH, md5s: [evilMd5(1)] }), {
      wish: true,
      fact: true,
      alive: 0,
      banned: [evilMd5(1)],
      openSessions: [],
    });
  });
});
