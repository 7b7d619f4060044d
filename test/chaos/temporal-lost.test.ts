import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { outcomeOf, startDevServer } from '../../testing/index.js';
import { emptyFolder } from '../support/folders.js';
import { chaosBench } from './bench.js';
import { assertEachOnce, assertSessions } from './effects.js';
import { fleet, type Host } from './fleet.js';
import { requestTo } from './points.js';

const GONE_MS = 3_000;

const cleanUp: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const step of cleanUp.reverse()) await step();
});

it('Temporal crashes in the midst of the kills and comes back: the same worker ends the run, everything done once.', async () => {
  const { hosts, scenario } = fleet(1);
  const host = hosts[0] as Host;
  const dbFilename = join(emptyFolder(), 'temporal.db');
  const bench = await chaosBench({ scenario, devServer: { dbFilename } });
  cleanUp.push(() => bench.close());
  const worker = await bench.worker();
  const kill = bench.simulator.hold({ ...requestTo.killTheFirst(host), when: 'after' });
  const run = await bench.contain(host);
  await kill.arrived;

  await bench.temporal.kill();
  kill.release();
  await sleep(GONE_MS);
  const temporal = await startDevServer({ dbFilename, port: bench.temporal.port });
  cleanUp.push(() => temporal.stop());

  const connection = await Connection.connect({ address: temporal.address });
  cleanUp.push(() => connection.close());
  const again = new Client({ connection }).workflow.getHandle(run.workflowId);
  const { receipt } = await outcomeOf(again);
  assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt, null, 1));
  await assertEachOnce(bench.simulator, host);
  await assertSessions(bench.simulator, host, 1);
  assert.deepEqual(
    receipt.processes.map(({ pid, outcome }) => [pid, outcome]),
    host.pids.map((pid) => [pid, 'killed']),
  );
  assert.ok(worker.isRunning, worker.stderr);
});
