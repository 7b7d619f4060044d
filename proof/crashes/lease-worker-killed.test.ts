import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leaseId } from '../../contract/index.js';
import { outcomeOf } from '../../testing/index.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import {
  becomes,
  chaosBench,
  giveHoldBack,
  holdsOf,
  isolationsOf,
  ONCE,
  type ChaosBench,
} from '../../test/leases/support/crash-bench.js';

const { hosts, scenario } = fleet(2);
let bench: ChaosBench;
before(async () => {
  bench = await chaosBench({ scenario });
});
after(() => bench?.close());

const put = (host: Host, wish: boolean) => ({
  method: 'PUT',
  route: new RegExp(`/api/v1/sensor/${host.sensorId}$`),
  bodyIncludes: { network_isolation_enabled: wish },
  when: 'after' as const,
});

describe('A worker that is killed', () => {
  it('between wish and fact, and another between the withdrawn wish and the release, changes nothing twice.', async () => {
    const [first, second] = hosts as [Host, Host];
    const isolating = bench.simulator.hold(put(first, true));
    const also = bench.simulator.hold(put(second, true));
    const one = await bench.worker();
    const runs = [await bench.contain(first), await bench.contain(second)];
    await Promise.all([isolating.arrived, also.arrived]);
    await one.kill();
    isolating.cut();
    also.cut();
    const two = await bench.worker();
    for (const run of runs) {
      const { receipt } = await outcomeOf(run);
      assert.equal(receipt?.verdict, 'contained');
      assert.equal(receipt.isolation.outcome, 'isolated', 'known as our own wish');
    }
    const releasing = bench.simulator.hold(put(first, false));
    for (const host of [first, second]) {
      const [hold] = (await holdsOf(bench, host.sensorId)).holds;
      await giveHoldBack(bench, host.sensorId, hold?.holdId ?? '');
    }
    await releasing.arrived;
    await two.kill();
    releasing.cut();
    await bench.worker();
    for (const host of [first, second]) {
      await becomes(bench, host.sensorId, 'not wished, not isolated');
      await bench.client.workflow.getHandle(leaseId(host.sensorId)).result();
      assert.deepEqual(await isolationsOf(bench, host.sensorId), ONCE);
    }
  });
});
