import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type ContainmentStatus, QUERIES, type Receipt, UPDATES } from '../../contract/index.js';
import { fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ checkinSeconds: 5, scenario: fleet(2) });

describe('A run', () => {
  it('says where it stands while it waits, and gives its receipt when it has closed', async () => {
    const hold = env().simulator.hold({ method: 'POST', route: '/api/v1/cblr/session', when: 'before' });
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe', requestedBy: 'ana' });
    const ended = env().timePasses(run.outcome());
    await hold.arrived;
    const status = await run.handle.query<ContainmentStatus>(QUERIES.status);
    assert.equal(status.workflowId, 'contain/host-1');
    assert.equal(status.runId, run.runId);
    assert.deepEqual([status.step, status.verdict, status.receipt], ['enumerate-and-kill', null, null]);
    assert.equal(status.target?.sensorId, 1);
    assert.equal(status.failurePolicy, 'auto');
    assert.deepEqual(status.processes, { total: 0, dead: 0, alive: 0 });
    assert.equal(status.requestedBy[0]?.who, 'ana');
    const waits = status.waitingFor.map((w) => w.what).sort();
    assert.deepEqual(waits, ['Live Response', 'isolation confirmed by the sensor']);
    const deadline = status.waitingFor.find((w) => w.what.startsWith('isolation'))?.deadline;
    assert.match(deadline ?? '', /Z$/);
    for (const wait of waits) assert.ok(status.summary.includes(wait), status.summary);
    assert.equal(await run.handle.query<Receipt | null>(QUERIES.receipt), null);
    hold.release();
    const { receipt } = await ended;
    assert.deepEqual(await run.handle.query<Receipt | null>(QUERIES.receipt), receipt);
    const after = await run.handle.query<ContainmentStatus>(QUERIES.status);
    assert.deepEqual([after.step, after.verdict, after.summary], ['closed', 'contained', receipt?.summary]);
    assert.deepEqual(after.receipt, receipt);
  });

  it('takes a new failure policy, and refuses one that is none', async () => {
    const hold = env().simulator.hold({ method: 'POST', route: '/api/v1/cblr/session', when: 'before' });
    const run = await env().contain({ hostname: hostName(2), processName: 'evil.exe' });
    const ended = env().timePasses(run.outcome());
    await hold.arrived;
    const set = (policy: string) =>
      run.handle.executeUpdate(UPDATES.failurePolicy, { args: [{ policy, who: 'ana' }] });
    await assert.rejects(set('panic'), (error) => {
      assert.ok(error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure);
      assert.equal(error.cause.type, 'InvalidRequest');
      return true;
    });
    assert.deepEqual(await set('keep'), { policy: 'keep' });
    hold.release();
    const { receipt } = await ended;
    assert.deepEqual(receipt?.failurePolicy, { policy: 'keep', changedBy: 'ana', why: null });
    assert.equal(receipt.verdict, 'contained', 'a policy alone changes no verdict');
  });
});
