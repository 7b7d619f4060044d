import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { evil, EVIL_PATH, host, hostName, scenario } from './support/hosts.js';
import { openKillBench, type KillBench } from './support/kill-bench.js';

const PAYROLL = 'c:\\good\\payroll.exe';
const HOUR_MS = 3_600_000;
let bench: KillBench;
before(async () => {
  const second = evil(1, { pid: 2404, pidReusedBy: { afterMs: 1, path: PAYROLL } });
  bench = await openKillBench(scenario([host(1, { processes: [evil(1), second] })]));
});
after(() => bench?.close());

it('A pid is not killed from an old list that looks young because the clock was set back meanwhile.', async () => {
  const { simulator, clock } = bench;
  let aheadMs = 0;
  const first = { method: 'POST', route: /\/command$/, bodyIncludes: { name: 'kill', object: 2400 } };
  const hold = simulator.hold({ ...first, when: 'before' });
  const request = { hostname: hostName(1), sensorId: 1, processName: 'evil.exe' };
  const ended = bench.kill(request, { workerClock: (now) => now + aheadMs });
  await hold.arrived;
  const { sensors } = await simulator.state();
  const second = sensors[0]?.processes.find(({ pid }) => pid === 2404);
  assert.ok(second);
  await simulator.act.endProcess(second.guid);
  await clock.sleep(11_000);
  aheadMs = -HOUR_MS;
  hold.release();
  const { end, processes, notes } = await ended;

  assert.equal(end, 'done');
  const killed = (await simulator.ledger()).filter(({ effect }) => effect === 'killed');
  assert.deepEqual(
    killed.map(({ pid, path }) => [pid, path]),
    [[2400, EVIL_PATH]],
  );
  const alive = (await simulator.state()).sensors[0]?.processes.map(({ path }) => path) ?? [];
  assert.ok(alive.includes(PAYROLL), 'the new owner of the pid lives');
  assert.deepEqual(processes.map(({ pid, outcome }) => [pid, outcome]).sort(), [
    [2400, 'killed'],
    [2404, 'already-gone'],
  ]);
  assert.ok(
    notes.some((note) => note.includes('pid 2400 (the time between list and kill is not known)')),
    notes.join('\n'),
  );
});
