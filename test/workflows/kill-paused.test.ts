import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { evil, host, hostName, scenario } from './support/hosts.js';
import { openKillBench, type KillBench } from './support/kill-bench.js';

let bench: KillBench;
before(async () => {
  bench = await openKillBench(scenario([host(1, { processes: [evil(1), evil(1, { pid: 2404 })] })]));
});
after(() => bench?.close());

it('A paused machine whose clock stood still kills nothing more once another worker has its place.', async () => {
  const { simulator } = bench;
  let lost = false;
  const hold = simulator.hold({
    ...{ method: 'POST', route: /\/command$/, bodyIncludes: { name: 'kill', object: 2400 } },
    when: 'after',
  });
  const request = { hostname: hostName(1), sensorId: 1, processName: 'evil.exe' };
  const ended = bench.kill(request, { lost: () => lost });
  await hold.arrived;
  // No time has passed that its clock could tell of.
  lost = true;
  hold.release();
  await assert.rejects(ended, /Another attempt has taken the place of this one/);
  const kills = simulator.journal().filter(({ body }) => (body as { name?: string } | null)?.name === 'kill');
  assert.deepEqual(
    kills.map(({ body }) => (body as { object: number }).object),
    [2400],
  );
  const { sessions } = await simulator.state();
  assert.deepEqual(
    sessions.map(({ status }) => status),
    ['active'],
    'the session is the other worker’s now',
  );
});
