import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { KillProgress } from '../../contract/index.js';
import { EVIL_PATH, evil, host, scenario } from './support/hosts.js';
import { type KillBench, openKillBench } from './support/kill-bench.js';

const PAYROLL = 'c:\\good\\payroll.exe';
const reused = { pidReusedBy: { afterMs: 1, path: PAYROLL } };
const respawn = { respawn: { afterMs: 200, times: 1 } };
const KILL = { method: 'POST', route: /\/command$/, bodyIncludes: { name: 'kill' } } as const;

let bench: KillBench;
before(async () => {
  bench = await openKillBench(
    scenario([
      host(1, { processes: [evil(1, reused)] }),
      host(2, { processes: [evil(2, reused)] }),
      host(3, { processes: [evil(3), evil(3, { pid: 2404, ...reused })] }),
      host(4, { processes: [evil(4, respawn)] }),
      host(5, { processes: [evil(5, respawn)] }),
      host(6, {
        processes: [evil(6), { path: 'c:\\temp\\helper.exe', pid: 2500, parent: 2400 }],
      }),
      host(7, { processes: Array.from({ length: 40 }, (_, i) => evil(7, { pid: 3000 + 4 * i })) }),
      host(8, { processes: [evil(8, respawn), evil(8, { pid: 2404, path: 'c:\\temp\\late.exe' })] }),
      host(9, {
        processes: [
          evil(9, { respawn: { afterMs: 200, times: 'forever' } }),
          evil(9, { pid: 2404, path: 'c:\\temp\\other.exe' }),
        ],
      }),
      host(10, {
        processes: [
          evil(10, { respawn: { afterMs: 200, times: 'forever' } }),
          { path: 'c:\\temp\\helper.exe', pid: 2500, parent: 2400 },
        ],
      }),
      host(11),
      host(12, { processes: [{ path: 'c:\\windows\\system32\\lsass.exe', pid: 700 }] }),
    ]),
  );
});
after(() => bench.close());

const evilOn = (sensorId: number) => ({ sensorId, processName: 'evil.exe' });
const processesOn = async (n: number) =>
  (await bench.simulator.state()).sensors.find((s) => s.id === n)?.processes ?? [];
const killedOn = async (n: number) =>
  (await bench.simulator.ledger())
    .filter((e) => e.effect === 'killed' && e.sensorId === n)
    .map((e) => [e.pid, e.path]);

/** Kills on a host whose first kill command is on its way while its processes with these pids end. */
async function whileTheFirstKillIsUnderWay(n: number, ending: readonly number[], passesMs: number) {
  const hold = bench.simulator.hold({ ...KILL, when: 'before' });
  const killing = bench.kill(evilOn(n));
  await hold.arrived;
  for (const { guid, pid } of await processesOn(n)) {
    if (ending.includes(pid)) await bench.simulator.act.endProcess(guid);
  }
  await bench.clock.sleep(passesMs);
  hold.release();
  return await killing;
}

describe('A pid that is given to another program while its kill is under way', () => {
  it('cannot be told from the old one by anybody: the receipt says how long that was possible.', async () => {
    const { end, processes, notes } = await whileTheFirstKillIsUnderWay(1, [2400], 100);
    assert.deepEqual(await killedOn(1), [[2400, PAYROLL]], 'the API kills by pid');
    assert.equal(end, 'done');
    const gapMs = processes[0]?.gapMs ?? 0;
    assert.ok(gapMs >= 100 && gapMs < 2_000, `${gapMs} ms`);
    assert.deepEqual(notes, []);
  });

  it('and was for long, is told in words.', async () => {
    const { processes, notes } = await whileTheFirstKillIsUnderWay(2, [2400], 30_000);
    assert.ok((processes[0]?.gapMs ?? 0) >= 30_000);
    assert.match(notes.join('\n'), /kills by pid.*pid 2400 \(up to 30\.\d s\)/);
  });
});

describe('A kill whose answer was lost', () => {
  it('came nobody knows how long after its list, and the receipt says so.', async () => {
    const checkpoints: KillProgress[] = [];
    const fault = bench.simulator.faults.add({ ...KILL, kind: 'act-then-cut' });
    await assert.rejects(bench.kill(evilOn(11), { checkpoints }));
    fault.remove();
    await bench.clock.sleep(20_000);
    const { processes, notes } = await bench.kill(evilOn(11), { left: checkpoints.at(-1) });
    assert.deepEqual(
      processes.map((p) => [p.outcome, p.gapMs]),
      [['killed', null]],
    );
    assert.match(notes.join('\n'), /pid 2400 \(the time between list and kill is not known\)/);
  });
});

describe('A protected process that was first listed without its path', () => {
  it('is known as protected by a later list, before it is killed.', async () => {
    const lsass = (await processesOn(12)).find((p) => p.pid === 700);
    assert.ok(lsass);
    const pathless = { proc_guid: lsass.guid, pid: 700, path: '', command_line: '', username: '' };
    const list = { id: 1, session_id: 0, sensor_id: 12, name: 'process list', status: 'complete' };
    const posted = bench.simulator.hold({
      ...{ method: 'POST', route: /\/command$/, bodyIncludes: { name: 'process list' }, when: 'before' },
    });
    // The dump before the kill takes its time, so that the host is listed again.
    const killing = bench.kill({ sensorId: 12, processGuid: lsass.guid, evidence: 'memory' });
    await posted.arrived;
    const session_id = (await bench.simulator.state()).sessions.find((s) => s.sensorId === 12)?.id;
    const fault = bench.simulator.faults.add({
      ...{ method: 'GET', route: `/api/v1/cblr/session/${session_id}/command/1`, times: 1 },
      kind: { status: 200, body: { ...list, session_id, result_code: 0, processes: [pathless] } },
    });
    posted.release();
    const { end, processes, evidence } = await killing;
    assert.deepEqual([fault.hits(), evidence.length, end], [1, 1, 'done']);
    assert.deepEqual(
      processes.map((p) => [p.path, p.outcome]),
      [['', 'protected']],
    );
    assert.match(processes[0]?.why ?? '', /lsass\.exe/);
    assert.deepEqual(await killedOn(12), []);
  });
});

describe('A pid whose kill is still to come', () => {
  it('is looked at once more when a kill before it met a pid that was gone.', async () => {
    const { processes } = await whileTheFirstKillIsUnderWay(3, [2400, 2404], 100);
    assert.deepEqual(await killedOn(3), []);
    assert.ok((await processesOn(3)).some((p) => p.pid === 2404 && p.path === PAYROLL));
    assert.deepEqual(
      processes.map((p) => [p.pid, p.outcome]),
      [
        [2400, 'already-gone'],
        [2404, 'already-gone'],
      ],
    );
  });

  it('is never older on a list than a second and the time of one kill.', async () => {
    const { processes } = await bench.kill(evilOn(7));
    assert.equal(processes.filter((p) => p.outcome === 'killed').length, 40);
    const longest = Math.max(...processes.map((p) => p.gapMs ?? 0));
    assert.ok(longest < 1_500, `${longest} ms`);
  });
});

describe('What comes back after a kill', () => {
  it('is killed again, or', async () => {
    const { processes } = await bench.kill(evilOn(4));
    assert.deepEqual(
      processes.map((p) => p.outcome),
      ['killed', 'killed'],
    );
  });

  it('is named and left alive where the policy says to report.', async () => {
    const { end, processes, liveMatches } = await bench.kill(evilOn(5), { respawn: 'report' });
    assert.deepEqual([end, liveMatches], ['done', 1]);
    assert.deepEqual(
      processes.map((p) => p.outcome),
      ['killed', 'respawned'],
    );
    assert.match(processes[1]?.why ?? '', /came back.*not killed/);
    assert.equal((await killedOn(5)).length, 1);
    assert.ok((await processesOn(5)).some((p) => p.guid === processes[1]?.guid));
  });

  it('is known as such by the next kill of the same run: its rounds do not begin again.', async () => {
    const first = await bench.kill(evilOn(9), { respawnRounds: 2 });
    assert.deepEqual([first.earlierKills?.rounds, (await killedOn(9)).length], [2, 2]);
    const { earlierKills } = first;
    const again = await bench.kill(evilOn(9), { respawnRounds: 2, earlierKills });
    assert.deepEqual(
      again.processes.map((p) => p.outcome),
      ['respawned'],
    );
    assert.deepEqual(again.earlierKills, earlierKills);
    // Nor is it in a plan, and so nobody approves it: that does not call for another plan.
    const rules = { respawn: 'report', earlierKills } as const;
    for (const mode of ['plan', 'kill'] as const) {
      const { end, processes } = await bench.kill(evilOn(9), { ...rules, mode, approved: [] });
      assert.deepEqual([end, processes.map((p) => p.outcome)], ['done', ['respawned']]);
    }
    // Asked for later only, but there from the beginning.
    const other = { sensorId: 9, processName: 'other.exe' };
    const more = await bench.kill(other, { respawnRounds: 1, respawn: 'report', earlierKills });
    assert.deepEqual(
      more.processes.map((p) => p.outcome),
      ['killed'],
    );
  });

  it('is not what was there before and matches only now.', async () => {
    const late = (await processesOn(8)).find((p) => p.pid === 2404);
    assert.ok(late);
    // The index knows another name for it, but answers only after the first list has been gone through.
    const row = {
      ...{ id: late.guid, process_name: 'evil.exe', path: EVIL_PATH, sensor_id: 8, process_pid: 2404 },
      ...{ process_md5: late.md5, hostname: 'HOST-8', start: new Date(late.startedAt).toISOString() },
    };
    const index = bench.simulator.faults.add({
      ...{ method: 'GET', route: '/api/v1/process' },
      kind: { status: 200, body: { results: [row], total_results: 1 } },
    });
    const { processes } = await bench.kill(evilOn(8), { respawn: 'report' });
    index.remove();
    assert.deepEqual(
      processes.map((p) => [p.path, p.outcome]),
      [
        [EVIL_PATH, 'killed'],
        [EVIL_PATH, 'respawned'],
        ['c:\\temp\\late.exe', 'killed'],
      ],
    );
  });
});

describe('What a killed process had started', () => {
  it('is named and lives on.', async () => {
    const { notes } = await bench.kill(evilOn(6));
    assert.match(notes.join('\n'), /Pid 2400 .*was killed; .*lives on: pid 2500 c:\\temp\\helper\.exe\./);
    assert.ok((await processesOn(6)).some((p) => p.pid === 2500));
  });

  it('is named too where the kills were not done in time.', async () => {
    const more = { respawnRounds: 1_000, deadlineAfterSlotMs: 10_000 };
    const { end, notes } = await bench.kill(evilOn(10), more);
    assert.equal(end, 'deadline');
    assert.match(notes.join('\n'), /Pid 2400 .*was killed; .*lives on: pid 2500 c:\\temp\\helper\.exe\./);
  });
});
