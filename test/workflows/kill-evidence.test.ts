import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { KillProgress } from '../../contract/index.js';
import { syntheticFile, type Effect } from '../../simulator/index.js';
import { emptyFolder } from '../support/folders.js';
import { evil, evilMd5, host, scenario } from './support/hosts.js';
import { type KillBench, openKillBench } from './support/kill-bench.js';

const HOSTILE = '/tmp/.. evil\u0435$(x).exe';
let bench: KillBench;
before(async () => {
  const two = (n: number) => ({ processes: [evil(n), evil(n, { pid: 2404 })] });
  bench = await openKillBench(
    scenario([
      ...[1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13].map((n) => host(n, two(n))),
      host(8, { os: 'linux', processes: [{ path: HOSTILE, pid: 2400 }] }),
    ]),
  );
});
after(() => bench.close());

const folder = emptyFolder();
const wanted = (sensorId: number, evidence: 'file' | 'memory') => ({
  ...{ sensorId, processName: 'evil.exe', evidence },
});
const effects = async (n: number, which: readonly Effect[]) =>
  (await bench.simulator.ledger())
    .filter((e) => e.sensorId === n && which.includes(e.effect))
    .map((e) => e.effect);
/** The file of a report, without the machine's name before it. */
const fileOf = (where: string | null | undefined) => (where ?? '').replace(/^[^:]*:/, '');

describe('A copy of the binary', () => {
  it('lies in the evidence folder before anything is killed, once, for its owner alone.', async () => {
    const { end, evidence } = await bench.kill(wanted(1, 'file'), { evidenceDir: folder });
    assert.equal(end, 'done');
    assert.equal(evidence.length, 1);
    const { outcome, md5, bytes, where } = evidence[0]!;
    assert.deepEqual([outcome, md5, bytes], ['taken', evilMd5(1), 4_096]);
    const file = fileOf(where);
    assert.equal(basename(file), `${evilMd5(1)}-evil.exe`);
    assert.equal(dirname(dirname(dirname(file))), folder);
    assert.equal(basename(dirname(file)), '1');
    assert.deepEqual(readFileSync(file), syntheticFile('evil-1').content);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(await effects(1, ['file-read', 'killed']), ['file-read', 'killed', 'killed']);
    const deleted = bench.simulator.journal().filter((e) => e.route.endsWith('/file/:file'));
    assert.deepEqual(
      deleted.map((e) => e.method),
      ['DELETE'],
      'the server keeps no copy',
    );
  });

  it('is skipped by a worker that keeps none, and the kill goes on.', async () => {
    const { end, evidence } = await bench.kill(wanted(2, 'file'));
    assert.equal(end, 'done');
    assert.deepEqual(
      evidence.map((e) => [e.outcome, e.where]),
      [['skipped', null]],
    );
    assert.match(evidence[0]?.why ?? '', /--evidence-dir/);
    assert.deepEqual(await effects(2, ['killed']), ['killed', 'killed']);
  });

  it('that cannot be had, or not be kept, holds no kill up.', async () => {
    const fault = bench.simulator.faults.add({ route: /\/content$/, kind: { status: 500 } });
    const { end, evidence } = await bench.kill(wanted(3, 'file'), { evidenceDir: folder });
    fault.remove();
    assert.deepEqual([end, evidence[0]?.outcome], ['done', 'failed']);
    assert.match(evidence[0]?.why ?? '', /500/);
    const noFolder = join(folder, 'a-file');
    writeFileSync(noFolder, '');
    const again = await bench.kill(wanted(4, 'file'), { evidenceDir: noFolder });
    assert.deepEqual([again.end, again.evidence[0]?.outcome], ['done', 'failed']);
    assert.match(again.evidence[0]?.why ?? '', /ENOTDIR|EEXIST/);
    assert.deepEqual(await effects(4, ['killed']), ['killed', 'killed']);
  });

  it('is not taken twice where the attempt after it fails and another worker goes on.', async () => {
    const checkpoints: KillProgress[] = [];
    const fault = bench.simulator.faults.add({
      ...{ method: 'POST', route: /\/command$/, bodyIncludes: { name: 'process list' } },
      ...{ nth: 2, kind: { status: 503 } },
    });
    await assert.rejects(bench.kill(wanted(5, 'file'), { evidenceDir: folder, checkpoints }));
    fault.remove();
    const left = checkpoints.at(-1);
    assert.equal(left?.evidence.length, 1);
    const { end, evidence } = await bench.kill(wanted(5, 'file'), { evidenceDir: emptyFolder(), left });
    assert.deepEqual([end, evidence.length], ['done', 1]);
    assert.deepEqual(await effects(5, ['file-read', 'killed']), ['file-read', 'killed', 'killed']);
  });

  it('takes time: what starts meanwhile is killed, and did not come back.', async () => {
    const hold = bench.simulator.hold({
      ...{ method: 'POST', route: /\/command$/, bodyIncludes: { name: 'get file' }, when: 'before' },
    });
    const killing = bench.kill(wanted(11, 'file'), { evidenceDir: folder, respawnRounds: 1 });
    await hold.arrived;
    await bench.simulator.act.startProcess(11, evil(11, { pid: 2600 }));
    hold.release();
    const { processes } = await killing;
    assert.deepEqual(
      processes.map((p) => [p.pid, p.outcome]),
      [2400, 2404, 2600].map((pid) => [pid, 'killed']),
    );
  });

  it('never leaves its folder, whatever the intruder calls the file.', async () => {
    const { evidence } = await bench.kill(
      { sensorId: 8, processPath: HOSTILE, evidence: 'file' },
      { evidenceDir: folder, osType: 'linux' },
    );
    const file = fileOf(evidence[0]?.where);
    assert.match(basename(file), /^[0-9A-F]{32}-_+ ?_?evil/);
    assert.match(basename(file), /^[A-Za-z0-9._-]+$/);
    assert.equal(dirname(dirname(dirname(file))), folder);
  });
});

describe('A memory dump', () => {
  it('is written on the host before anything is killed.', async () => {
    const { end, evidence } = await bench.kill(wanted(6, 'memory'));
    assert.equal(end, 'done');
    assert.deepEqual(
      evidence.map((e) => [e.kind, e.outcome, e.where]),
      [['memory', 'taken', 'c:\\windows\\temp\\cb-playbook-run-6.dmp']],
    );
    assert.deepEqual(await effects(6, ['file-written', 'killed']), ['file-written', 'killed', 'killed']);
  });

  it('that an attempt had begun when its worker died is waited for, and not begun again.', async () => {
    const checkpoints: KillProgress[] = [];
    const look = bench.simulator.hold({ method: 'GET', route: /\/command\/2$/, when: 'before' });
    const dies = bench.kill(wanted(9, 'memory'), { checkpoints, givenUp: look.arrived });
    await assert.rejects(dies);
    look.cut();
    const left = checkpoints.at(-1);
    assert.deepEqual([left?.evidence, left?.sessionOurs], [[], true]);
    const { end, evidence, sessions } = await bench.kill(wanted(9, 'memory'), { left });
    assert.deepEqual([end, evidence.length, evidence[0]?.outcome], ['done', 1, 'taken']);
    assert.equal(sessions.length, 1);
    assert.deepEqual(await effects(9, ['file-written', 'killed']), ['file-written', 'killed', 'killed']);
  });

  it('whose POST was not answered may be under way: the kill does not wait behind it.', async () => {
    const fault = bench.simulator.faults.add({
      ...{ method: 'POST', route: /\/command$/, bodyIncludes: { name: 'memdump' } },
      kind: 'act-then-cut',
    });
    const began = bench.clock.now();
    const { end, evidence, sessions } = await bench.kill(wanted(10, 'memory'));
    fault.remove();
    assert.deepEqual([end, evidence[0]?.outcome, sessions.length], ['done', 'failed', 2]);
    assert.ok(bench.clock.now() - began < 10_000);
    assert.deepEqual(await effects(10, ['killed']), ['killed', 'killed']);
  });

  it('that takes too long is given up, and the kill gets a session of its own.', async () => {
    await bench.simulator.act.turn({ memdumpMs: 30 * 60_000 });
    const began = bench.clock.now();
    const { end, evidence, sessions } = await bench.kill(wanted(7, 'memory'));
    assert.deepEqual([end, evidence[0]?.outcome], ['done', 'failed']);
    assert.match(evidence[0]?.why ?? '', /not done in time/);
    assert.deepEqual(
      sessions.map((s) => [s.ours, s.closed]),
      [
        [true, true],
        [true, true],
      ],
    );
    assert.deepEqual(await effects(7, ['killed']), ['killed', 'killed']);
    const took = bench.clock.now() - began;
    assert.ok(took > 2 * 60_000 && took < 3 * 60_000, `${took} ms`);
  });

  it('that hangs in a session which cannot be closed does not make that session somebody else’s.', async () => {
    await bench.simulator.act.turn({ memdumpMs: 30 * 60_000 });
    const fault = bench.simulator.faults.add({ method: 'PUT', route: /\/session\//, kind: { status: 503 } });
    const { sessions, notes } = await bench.kill(wanted(12, 'memory'));
    fault.remove();
    assert.deepEqual(
      sessions.map((s) => [s.ours, s.closed]),
      [[true, false]],
      'whoever cleans up knows of it',
    );
    assert.match(notes.join('\n'), /is ours and could not be closed yet/);
  });

  it('or a copy is not taken in a session that nobody of us may close: the kill comes first.', async () => {
    await bench.simulator.act.turn({ memdumpMs: 30 * 60_000 });
    const theirs = await bench.simulator.act.openSessionAs(13, 'ann');
    await bench.clock.sleep(1_000);
    const { end, evidence, sessions } = await bench.kill(wanted(13, 'memory'));
    assert.deepEqual([end, evidence.map((e) => e.outcome)], ['done', ['skipped']]);
    assert.match(evidence[0]?.why ?? '', /^The session is somebody else's: a dump that hangs there/);
    assert.deepEqual(
      sessions.map((s) => [s.id, s.ours]),
      [[theirs, false]],
    );
    assert.deepEqual(await effects(13, ['killed']), ['killed', 'killed']);
  });
});
