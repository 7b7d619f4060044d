import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import { outcomeOf, type Outcome } from '../../testing/index.js';
import { chaosBench, type ChaosBench } from './bench.js';
import { assertEachOnce, assertSessions } from './effects.js';
import { fleet, type Host } from './fleet.js';
import { requestTo } from './points.js';

/** Each request that changes something; those that ban come last in a run and so first here. */
const points = [
  ['ban', requestTo.ban],
  ['isolate', requestTo.isolate],
  ['open', requestTo.open],
  ['kill the first', requestTo.killTheFirst],
  ['kill the second', requestTo.killTheSecond],
] as const;
const { hosts, scenario } = fleet(points.length * 2);
const cases = points.flatMap(([name, request], i) =>
  (['before', 'after'] as const).map((when, j) => ({ name, request, when, host: hosts[2 * i + j] as Host })),
);
const outcomes = new Map<Host, Outcome>();
let bench: ChaosBench;

/** One worker is killed while each containment stands at its own request: one heartbeat time-out for all of them. */
before(async () => {
  bench = await chaosBench({ scenario });
  const first = await bench.worker();
  const held = cases.map(({ request, when, host }) => bench.simulator.hold({ ...request(host), when }));
  const runs: [Host, WorkflowHandle][] = [];
  for (const [i, { host }] of cases.entries()) {
    runs.push([host, await bench.contain(host)]);
    // Those that ban last pass through a session first, and the held ones keep theirs: slots are scarce.
    if (i === 1) await Promise.all(held.slice(0, 2).map((hold) => hold.arrived));
  }
  await Promise.all(held.map((hold) => hold.arrived));
  await first.kill();
  for (const hold of held) hold.cut();
  await bench.worker();
  await Promise.all(runs.map(async ([host, run]) => outcomes.set(host, await outcomeOf(run))));
});
after(() => bench?.close());

describe('A worker killed by SIGKILL at the request to', () => {
  for (const { name, when, host } of cases) {
    it(`${name}, ${when} it acted: another worker contains the host, and everything is done once.`, async () => {
      const { closed, receipt } = outcomes.get(host) ?? {};
      assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt, null, 1));
      assert.equal(closed, 'completed');
      await assertEachOnce(bench.simulator, host);
      await assertSessions(bench.simulator, host, 1);
      assert.deepEqual(
        receipt.processes.map(({ pid, outcome, round }) => ({ pid, outcome, round })),
        host.pids.map((pid) => ({ pid, outcome: 'killed', round: 1 })),
      );
      assert.deepEqual(
        receipt.sessions.map(({ ours, closed: gone }) => ({ ours, gone })),
        [{ ours: true, gone: true }],
      );
      assert.deepEqual(
        receipt.bans.map(({ md5, outcome }) => ({ md5, outcome })),
        [{ md5: host.md5, outcome: 'banned' }],
      );
      assert.equal(receipt.isolation.outcome, 'isolated');
      assert.deepEqual(receipt.undo, []);
      assert.deepEqual(receipt.problems, []);
    });
  }
});
