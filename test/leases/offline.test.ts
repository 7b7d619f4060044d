import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aftermath } from '../workflows/support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { releaseAll, wishAndFact, wishChanges } from './support/lease.js';
import { rareLooks } from './support/rare-looks.js';

const HOUR = 3_600_000;
const env = withEnvironment({
  scenario: fleet(2, () => ({ onlineFrom: null, lastSeenAgo: 7_200 })),
  activityOverrides: rareLooks(() => env(), 'watchIsolation'),
});
const contain = (n: number, more = {}) =>
  env().contain({ hostname: hostName(n), processName: 'evil.exe', ...more });

describe('A host that is offline', () => {
  it('is waited for outside the Live Response queue, the wish placed at once, and contained when it is back after 71 hours.', async () => {
    const run = await contain(1);
    await env().sleep('71h');
    assert.deepEqual(await wishAndFact(env(), 1), [true, false]);
    assert.deepEqual((await env().simulator.state()).sessions, [], 'no slot is taken');
    await env().simulator.act.comeOnline(1);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['killed'],
    );
    const waited = Date.parse(receipt.processes[0]?.at ?? '') - Date.parse(receipt.startedAt);
    assert.ok(waited > 71 * HOUR && waited < 71.5 * HOUR, `${waited / HOUR} h`);
    const left = await aftermath(env(), 1, { path: EVIL_PATH, md5s: [evilMd5(1)] });
    assert.deepEqual(left, { wish: true, fact: true, alive: 0, banned: [evilMd5(1)], openSessions: [] });
    await releaseAll(env(), 1);
  });

  it('that is set up anew is another host: the run ends, nothing fires on the new sensor, the old wish is withdrawn.', async () => {
    const run = await contain(2);
    await env().sleep('30m');
    const heir = await env().simulator.act.reinstall(2);
    await env().simulator.act.comeOnline(heir);
    await env().sleep('1h');
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'rolled-back');
    assert.ok(receipt.problems.some((p) => p.type === 'TargetChanged' && p.message.includes(String(heir))));
    assert.deepEqual(await wishChanges(env(), 2), ['set by playbook', 'cleared by playbook']);
    const ledger = await env().simulator.ledger();
    const touched = ledger.filter(
      (e) => e.sensorId === heir && ['wish-set', 'isolated', 'session-opened', 'killed'].includes(e.effect),
    );
    assert.deepEqual(touched, []);
  });
});
