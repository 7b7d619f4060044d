import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { wishChanges } from './support/lease.js';

const env = withEnvironment({ scenario: fleet(1, () => ({ onlineFrom: null, lastSeenAgo: 7_200 })) });
const contain = (n: number, more = {}) =>
  env().contain({ hostname: hostName(n), processName: 'evil.exe', ...more });

describe('A host that is offline', () => {
  it('that is set up anew is another host: the run ends, nothing fires on the new sensor, the old wish is withdrawn.', async () => {
    const run = await contain(1);
    await env().sleep('30m');
    const heir = await env().simulator.act.reinstall(1);
    await env().simulator.act.comeOnline(heir);
    await env().sleep('1h');
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'rolled-back');
    assert.ok(receipt.problems.some((p) => p.type === 'TargetChanged' && p.message.includes(String(heir))));
    assert.deepEqual(await wishChanges(env(), 1), ['set by playbook', 'cleared by playbook']);
    const ledger = await env().simulator.ledger();
    const touched = ledger.filter(
      (e) => e.sensorId === heir && ['wish-set', 'isolated', 'session-opened', 'killed'].includes(e.effect),
    );
    assert.deepEqual(touched, []);
  });
});
