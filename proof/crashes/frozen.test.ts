import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { outcomeOf } from '../../testing/index.js';
import { waitFor } from '../../test/support/wait-for.js';
import { chaosBench } from '../../test/chaos/bench.js';
import { assertEachOnce, assertSessions } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { requestTo } from '../../test/chaos/points.js';

const cleanUp: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const step of cleanUp.reverse()) await step();
});

it('A worker that freezes, loses its activity and wakes up kills nothing more and closes nothing.', async () => {
  const { hosts, scenario } = fleet(1);
  const host = hosts[0] as Host;
  const bench = await chaosBench({ scenario });
  cleanUp.push(() => bench.close());
  const { simulator } = bench;
  // Its one slot is taken: the frozen process cannot be given the next attempt.
  const frozen = await bench.worker(1);
  const first = simulator.hold({ ...requestTo.killTheFirst(host), when: 'after' });
  const run = await bench.contain(host);
  await first.arrived;
  frozen.signal('SIGSTOP');
  first.release();

  const second = simulator.hold({ ...requestTo.killTheSecond(host), when: 'before' });
  await bench.worker();
  await second.arrived;
  frozen.signal('SIGCONT');
  // It reads the answer to its first kill, and has a second one to do. Draining, it has done what it will do.
  // (How it ends is not asked: Node may break a workflow thread that was stopped in the middle of a turn.)
  await frozen.stop();
  const kills = simulator.journal().filter(({ body }) => (body as { name?: string } | null)?.name === 'kill');
  assert.deepEqual(
    kills.map(({ body }) => (body as { object: number }).object),
    host.pids,
    'one request a process: the one that is held is the other worker’s',
  );
  second.release();

  const { receipt } = await outcomeOf(run);
  assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt, null, 1));
  await waitFor('the close', async () =>
    (await simulator.ledger()).some((e) => e.effect === 'session-closed'),
  );
  await assertEachOnce(simulator, host);
  await assertSessions(simulator, host, 1);
});
