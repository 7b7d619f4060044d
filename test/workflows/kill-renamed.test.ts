import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evil, evilMd5, host, hostName, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const RENAMED = 'c:\\programdata\\harmless.exe';
const DEAD = 103;
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: scenario([
    host(1, { processes: [evil(1, { path: RENAMED })] }),
    host(2, {
      processes: Array.from({ length: DEAD }, (_, i) =>
        evil(2, { pid: 3000 + 4 * i, startedAgo: 9_000 - i, endedAgo: 8_000 - i }),
      ),
    }),
  ]),
});

describe('A process whose executable was renamed while it runs', () => {
  it('is known by its GUID in the index, and killed.', async () => {
    const { sensors } = await env().simulator.state();
    const process = sensors[0]?.processes.find((p) => p.path === RENAMED);
    assert.ok(process);
    const row = {
      id: process.guid,
      process_name: 'evil.exe',
      path: 'c:\\programdata\\evil.exe',
      process_md5: evilMd5(1),
      sensor_id: 1,
      hostname: hostName(1),
      process_pid: process.pid,
      start: new Date(process.startedAt).toISOString(),
    };
    const index = env().simulator.faults.add({
      method: 'GET',
      route: '/api/v1/process',
      kind: { status: 200, body: { results: [row], total_results: 1 } },
    });
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    index.remove();
    assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt, null, 1));
    assert.deepEqual(
      receipt.processes.map((p) => [p.guid, p.path, p.outcome]),
      [[process.guid, RENAMED, 'killed']],
    );
    const after = (await env().simulator.state()).sensors[0]?.processes ?? [];
    assert.ok(!after.some((p) => p.guid === process.guid), 'it is dead');
  });
});

describe('More dead instances than a receipt takes', () => {
  it('leave the oldest out, and a note counts them.', async () => {
    const run = await env().contain({ hostname: hostName(2), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    const pids = receipt.processes.map((p) => p.pid);
    assert.deepEqual([pids.length, Math.min(...pids), Math.max(...pids)], [100, 3012, 3408]);
    assert.ok(
      receipt.notes.some((note) => note.includes('3 older instances of evil.exe')),
      receipt.notes.join('\n'),
    );
  });
});
