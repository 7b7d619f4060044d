import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { fleet } from './support/hosts.js';
import { openKillBench, type KillBench } from './support/kill-bench.js';

let bench: KillBench;
before(async () => {
  bench = await openKillBench(fleet(1), { profile: '6.2', knobs: { closedSessionRead: 'old-status' } });
});
after(() => bench?.close());

/** API reference 4.2: what a closed session is read as is not to be relied on, and before 6.3 lists show those too. */
it('A session that somebody closed, and that the server still lists as active, is not used again: another is opened.', async () => {
  const { simulator } = bench;
  const stop = simulator.observe(async ({ phase, entry }) => {
    if (phase !== 'before' || !entry.path.endsWith('/command')) return;
    stop();
    const [open] = (await simulator.state()).sessions;
    if (open !== undefined) await simulator.act.closeSession(open.id);
  });
  const result = await bench.kill({ sensorId: 1, processName: 'evil.exe' });
  assert.equal(result.end, 'done');
  assert.deepEqual(
    result.processes.map(({ outcome }) => outcome),
    ['killed'],
  );
  assert.deepEqual(
    result.sessions.map(({ ours, closed }) => ({ ours, closed })),
    [
      { ours: true, closed: true },
      { ours: true, closed: true },
    ],
  );
  const refused = simulator.journal().filter(({ status, method }) => method === 'POST' && status === 404);
  assert.equal(refused.length, 1, 'nothing is asked of a session twice that is gone');
});
