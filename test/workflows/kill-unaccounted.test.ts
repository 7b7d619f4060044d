import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { KillProgress } from '../../contract/index.js';
import { evil, host, hostName, md5Of, scenario } from './support/hosts.js';
import { openKillBench, type KillBench } from './support/kill-bench.js';

const kill = (pid: number) => ({
  ...{ method: 'POST', route: /\/command$/, bodyIncludes: { name: 'kill', object: pid } },
});
const wanted = (n: number) => ({ hostname: hostName(n), sensorId: n, processName: 'evil.exe' });
let bench: KillBench;
before(async () => {
  const second = (n: number) => evil(n, { pid: 2404, binary: `another-${n}` });
  bench = await openKillBench(scenario([host(1, { processes: [evil(1), second(1)] })]));
});
after(() => bench?.close());

/** Temporal hears of a first attempt only that it is about to open a session; it opens one, kills, and is given up. */
async function takenOver(n: number) {
  const checkpoints: KillProgress[] = [];
  const hold = bench.simulator.hold({ ...kill(2404), when: 'before' });
  const first = bench.kill(wanted(n), { checkpoints });
  await hold.arrived;
  const [left] = checkpoints;
  assert.deepEqual([left?.sessionId, left?.username, left?.instances], [null, null, []]);
  const result = await bench.kill(wanted(n), { left });
  hold.cut();
  await assert.rejects(first);
  const { sessions } = await bench.simulator.state();
  return { ...result, open: sessions.filter((s) => s.sensorId === n && s.status === 'active') };
}

describe('An attempt that takes over from one that could tell Temporal of nothing', () => {
  it('knows the session for its own once it has posted in it, and closes it.', async () => {
    const { end, sessions, open, processes } = await takenOver(1);
    assert.equal(end, 'done');
    assert.deepEqual(
      sessions.map(({ ours, closed }) => [ours, closed]),
      [[true, true]],
    );
    assert.deepEqual(open, []);
    // And what the first one killed is known, so that its hash is banned too.
    assert.deepEqual(processes.map(({ pid, outcome, md5 }) => [pid, outcome, md5]).sort(), [
      [2400, 'killed', md5Of('evil-1')],
      [2404, 'killed', md5Of('another-1')],
    ]);
  });
});
