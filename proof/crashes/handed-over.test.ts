import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { outcomeOf, type Outcome } from '../../testing/index.js';
import type { Exit } from '../../test/support/child.js';
import { chaosBench, type ChaosBench } from '../../test/chaos/bench.js';
import { assertEachOnce, assertSessions, openSessions } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { requestTo } from '../../test/chaos/points.js';

/** Running activities get five seconds to end by themselves; then they hand over. */
const GRACE_MS = 5_000;

const { hosts, scenario } = fleet(2);
const [waiting, posting] = hosts as [Host, Host];
const outcomes = new Map<Host, Outcome>();
let bench: ChaosBench;
let exit: Exit;
let tookMs: number;
let between: number[];

/** SIGTERM while one kill is waited for that does not end, and while another one's POST is on its way past the grace. */
before(async () => {
  bench = await chaosBench({ scenario });
  const { simulator } = bench;
  const first = await bench.worker();
  const waited = simulator.hold({
    route: /^GET \/api\/v1\/cblr\/session\/1\/command\/\d+$/,
    nth: 2,
    when: 'before',
  });
  const waitingRun = await bench.contain(waiting);
  await waited.arrived;
  const posted = simulator.hold({ ...requestTo.killTheFirst(posting), when: 'after' });
  const postingRun = await bench.contain(posting);
  await posted.arrived;

  const asked = Date.now();
  const stopped = first.stop();
  setTimeout(() => posted.release(), GRACE_MS + 1_000);
  exit = await stopped;
  tookMs = Date.now() - asked;
  waited.cut();
  between = [...(await openSessions(simulator, waiting)), ...(await openSessions(simulator, posting))];

  await bench.worker();
  outcomes.set(waiting, await outcomeOf(waitingRun));
  outcomes.set(posting, await outcomeOf(postingRun));
});
after(() => bench?.close());

describe('A worker that gets SIGTERM in the midst of its kills', () => {
  it('gives them the grace, hands them over, and ends with exit 0.', () => {
    assert.deepEqual(exit, { code: 0, signal: null });
    assert.ok(tookMs >= GRACE_MS && tookMs < 20_000, `${tookMs} ms`);
  });

  it('closes no session: the next worker goes on in it.', () => assert.equal(between.length, 2));

  for (const [name, host] of [
    ['the wait for a kill', waiting],
    ['the POST of a kill', posting],
  ] as const) {
    it(`${name}: no second session, nothing killed or counted twice.`, async () => {
      const { receipt } = outcomes.get(host) as Outcome;
      assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt, null, 1));
      await assertEachOnce(bench.simulator, host);
      await assertSessions(bench.simulator, host, 1);
      assert.deepEqual(
        receipt.processes.map(({ pid, outcome, round }) => [pid, outcome, round]),
        host.pids.map((pid) => [pid, 'killed', 1]),
      );
    });
  }
});
