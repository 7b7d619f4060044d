import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import { leaseId } from '../../contract/index.js';
import { outcomeOf } from '../../testing/index.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { waitFor } from '../../test/support/wait-for.js';
import {
  becomes,
  chaosBench,
  giveHoldBack,
  holdsOf,
  hostNow,
  isolationsOf,
  ONCE,
  type ChaosBench,
} from '../../test/leases/support/crash-bench.js';

const { hosts, scenario } = fleet(6);
const hostOf = (n: number): Host => hosts[n] as Host;
let bench: ChaosBench;
before(async () => {
  bench = await chaosBench({ scenario });
  await bench.worker();
});
after(() => bench?.close());

const lease = (host: Host): WorkflowHandle => bench.client.workflow.getHandle(leaseId(host.sensorId));
const isolate = (host: Host) => ({
  method: 'PUT',
  route: new RegExp(`/api/v1/sensor/${host.sensorId}$`),
  bodyIncludes: { network_isolation_enabled: true },
});
const release = (host: Host) => ({ ...isolate(host), bodyIncludes: { network_isolation_enabled: false } });

async function contained(host: Host): Promise<WorkflowHandle> {
  const run = await bench.contain(host);
  assert.equal((await outcomeOf(run)).receipt?.verdict, 'contained');
  return run;
}

/** The lease itself may stay for twenty minutes: a call of a run that was terminated may be on its way. */
async function isReleased(host: Host): Promise<void> {
  await waitFor('the release', async () => (await holdsOf(bench, host.sensorId)).wish === 'released');
}

/** The one who still holds gives it back; then the host must be as if nothing had ever been. */
async function endsClean(host: Host): Promise<void> {
  for (const { holdId } of (await holdsOf(bench, host.sensorId)).holds) {
    await giveHoldBack(bench, host.sensorId, holdId);
  }
  await becomes(bench, host.sensorId, 'not wished, not isolated');
  await isReleased(host);
  assert.deepEqual(await isolationsOf(bench, host.sensorId), ONCE);
}

describe('On a real server the host is isolated as long as somebody holds it, and changed only by us', () => {
  it('when its containment is terminated between wish and fact.', async () => {
    const host = hostOf(0);
    const put = bench.simulator.hold({ ...isolate(host), when: 'after' });
    const run = await bench.contain(host);
    await put.arrived;
    await run.terminate('by a test');
    put.release();
    await becomes(bench, host.sensorId, 'wished, isolated');
    assert.equal((await holdsOf(bench, host.sensorId)).holds.length, 1);
    await endsClean(host);
  });

  it('when its lease is terminated while held, and the next containment takes it up.', async () => {
    const host = hostOf(1);
    await contained(host);
    await lease(host).terminate('by a test');
    assert.equal(await hostNow(bench, host.sensorId), 'wished, isolated');
    await contained(host);
    assert.equal((await holdsOf(bench, host.sensorId)).holds.length, 2);
    await endsClean(host);
  });

  it('when its lease is terminated after the wish was written and before the answer was read.', async () => {
    const host = hostOf(2);
    const put = bench.simulator.hold({ ...isolate(host), when: 'after' });
    const run = await bench.contain(host);
    await put.arrived;
    await lease(host).terminate('by a test');
    put.release();
    const { receipt } = await outcomeOf(run);
    assert.equal(receipt?.verdict, 'contained');
    assert.ok(!receipt.notes.some((note) => note.includes('somebody else')), 'it is known as ours');
    await endsClean(host);
  });

  it('when it is cancelled while it undoes: the undo goes on to its end.', async () => {
    const host = hostOf(3);
    const fault = bench.simulator.faults.add({
      method: 'POST',
      route: '/api/v1/cblr/session',
      bodyIncludes: { sensor_id: host.sensorId },
      kind: { status: 412, body: 'Live Response is off' },
    });
    const put = bench.simulator.hold({ ...release(host), when: 'before' });
    const run = await bench.contain(host);
    await put.arrived;
    await run.cancel();
    await run.cancel();
    put.release();
    const { receipt, closed } = await outcomeOf(run);
    fault.remove();
    assert.deepEqual([closed, receipt?.verdict], ['cancelled', 'rolled-back']);
    await becomes(bench, host.sensorId, 'not wished, not isolated');
    const wishes = (await isolationsOf(bench, host.sensorId)).filter((what) => what.includes(' by '));
    assert.deepEqual(wishes, ['set by playbook', 'cleared by playbook']);
  });

  it('when two containments reach it at once by different ids.', async () => {
    const host = hostOf(4);
    const start = (workflowId: string) =>
      bench.client.workflow.start('containEndpoint', {
        taskQueue: 'cb-response-playbook',
        workflowId,
        args: [{ sensorId: host.sensorId, processName: 'evil.exe' }],
      });
    const runs = await Promise.all([start('alert-1'), start('alert-2')]);
    const outcomes = await Promise.all(runs.map(outcomeOf));
    assert.deepEqual(
      outcomes.map((o) => o.receipt?.verdict),
      ['contained', 'contained'],
    );
    const [first] = (await holdsOf(bench, host.sensorId)).holds;
    await giveHoldBack(bench, host.sensorId, first?.holdId ?? '');
    await waitFor('one holder', async () => (await holdsOf(bench, host.sensorId)).holds.length === 1);
    assert.equal(await hostNow(bench, host.sensorId), 'wished, isolated');
    await endsClean(host);
  });

  it('when its lease ends and a person gives it back at the same moment.', async () => {
    const host = hostOf(5);
    const run = await bench.contain(host, { lease: '2s' });
    const { receipt } = await outcomeOf(run);
    assert.equal(receipt?.verdict, 'contained');
    const [hold] = (await holdsOf(bench, host.sensorId)).holds;
    const end = Date.parse(hold?.until ?? '');
    await waitFor('the end', () => Date.now() >= end - 3, { everyMs: 1 });
    // Too late is no mistake: it is given back once, by whoever came first.
    await giveHoldBack(bench, host.sensorId, hold?.holdId ?? '').catch((err: unknown) => {
      assert.match(String((err as Error).cause ?? err), /about to close|not found|completed/i);
    });
    await becomes(bench, host.sensorId, 'not wished, not isolated');
    await isReleased(host);
    assert.deepEqual(await isolationsOf(bench, host.sensorId), ONCE);
  });
});
