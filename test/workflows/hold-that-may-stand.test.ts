import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leaseId, type LeaseState, QUERIES } from '../../contract/index.js';
import { effectsOn } from './support/aftermath.js';
import { REQUESTS } from './support/fault-table.js';
import { fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ checkinSeconds: 5, scenario: fleet(1) });

describe('A hold of which nobody can say whether it stands', () => {
  // Found by `npm run proof -- --part schedules` (4108): it said that nothing was changed, and the host was isolated.
  it('is no hold that was never taken: under `keep` the run ends isolation-pending, and its lease isolates', async () => {
    const acted = env().simulator.hold({ ...REQUESTS['write the wish'](1), when: 'after' });
    const run = await env().contain({ hostname: hostName(1), kill: false, onFailure: 'keep' });
    await acted.arrived;
    // The wish is written, and from then on nobody can read it.
    const outage = env().simulator.faults.add({ route: '/api/v1/sensor/1', kind: 'html-502' });
    acted.cut();
    const { receipt, closed, type } = await run.outcome();
    outage.remove();
    assert.deepEqual([closed, type], ['failed', 'isolation-pending'], receipt?.summary);
    assert.equal(receipt?.verdict, 'isolation-pending');
    assert.equal(receipt.isolation.outcome, 'pending');
    assert.deepEqual(receipt.undo, []);
    await env().sleep('30m');
    const { holds, wish } = await env()
      .client.workflow.getHandle(leaseId(1))
      .query<LeaseState>(QUERIES.holds);
    assert.deepEqual([holds.map((h) => h.workflowId), wish], [[run.workflowId], 'placed']);
    const wishes = await effectsOn(env(), 1, ['wish-set', 'wish-cleared']);
    assert.deepEqual(
      wishes.map((e) => e.effect),
      ['wish-set'],
    );
  });
});
