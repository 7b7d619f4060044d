import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { KillProgress } from '../../contract/index.js';
import { evil, fleet } from './support/hosts.js';
import { openKillBench, type KillBench } from './support/kill-bench.js';

let bench: KillBench;
before(async () => {
  bench = await openKillBench(fleet(2, (n) => ({ processes: [evil(n), { ...evil(n), pid: 7_000 + n }] })));
});
after(() => bench?.close());

/** Breaks an attempt off at its second kill; what the heartbeat says is older than its last checkpoint. */
async function killedThenOvertaken(n: number): Promise<{ left: KillProgress; killed: string[] }> {
  const { simulator } = bench;
  const second = { method: 'POST', route: /\/command$/, bodyIncludes: { name: 'kill' }, nth: 2 };
  const hold = simulator.hold({ ...second, when: 'before' });
  const checkpoints: KillProgress[] = [];
  const attempt = bench.kill(
    { sensorId: n, processName: 'evil.exe' },
    { checkpoints, givenUp: hold.arrived },
  );
  await hold.arrived;
  hold.cut();
  await assert.rejects(attempt);
  const left = checkpoints.findLast((c) => c.sessionId !== null && c.instances.length === 0);
  assert.ok(left, 'a checkpoint of the session alone');
  const ledger = await simulator.ledger();
  const killed = ledger.flatMap((e) => (e.effect === 'killed' && e.sensorId === n ? [e.guid ?? ''] : []));
  assert.equal(killed.length, 1);
  return { left, killed };
}

/** Found by `npm run proof -- --part kill-points`: the receipt knew one kill of two. */
describe('A checkpoint of the matched instances that an older heartbeat overtook', () => {
  it('is made good from the session: what was killed is told as killed, and killed once', async () => {
    const { left, killed } = await killedThenOvertaken(1);
    const result = await bench.kill({ sensorId: 1, processName: 'evil.exe' }, { left });
    assert.deepEqual(
      result.processes.map((p) => [p.guid === killed[0], p.outcome]),
      [
        [true, 'killed'],
        [false, 'killed'],
      ],
    );
    const ledger = await bench.simulator.ledger();
    const effects = ledger.filter((e) => e.sensorId === 1 && /^kill/.test(e.effect)).map((e) => e.effect);
    assert.deepEqual(effects, ['killed', 'killed']);
  });

  it('takes in nothing that the selector does not name', async () => {
    const { left } = await killedThenOvertaken(2);
    const result = await bench.kill({ sensorId: 2, processName: 'other.exe' }, { left });
    assert.deepEqual(result.processes, []);
  });
});
