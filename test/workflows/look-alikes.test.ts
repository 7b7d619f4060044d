import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { matches } from '../../activities/kill/match.js';
import type { ContainRequest } from '../../contract/index.js';
import { host, scenario } from './support/hosts.js';
import { type KillBench, openKillBench } from './support/kill-bench.js';

/** What looks like `evil.exe` to a hurried eye, to a substring match or to Windows itself, and is something else. */
const NOT_EVIL = [
  'c:\\temp\\notevil.exe',
  'c:\\temp\\evil.exe.bak',
  'c:\\temp\\evil.exe.exe',
  'c:\\temp\\evil.exe\\reader.exe',
  'c:\\evil.exe files\\evil.com',
  'c:\\temp\\evil',
  'c:\\temp\\evi1.exe',
  'c:\\temp\\evi\u04CF.exe',
  'c:\\temp\\\u0435vil.exe',
  'c:\\temp\\evil\u200B.exe',
  'c:\\temp\\evil.exe.',
  'c:\\temp\\evil.exe ',
  'c:\\temp\\evil.exe .',
  'c:\\temp\\ evil.exe',
  'c:\\temp\\evil~1.exe',
  'c:\\temp\\report.txt:evil.exe',
];
const EVIL = ['c:\\temp\\evil.exe', 'c:\\TEMP\\Other\\EVIL.Exe', '\\\\?\\c:\\temp\\long\\evil.exe'];
const LINUX = [
  '/tmp/evil',
  '/tmp/Evil',
  '/tmp/evil/reader',
  '/tmp/evil.sh',
  '/tmp/x\\evil',
  '/opt/evil (deleted)',
];

let bench: KillBench;
before(async () => {
  const windows = (n: number) => host(n, { processes: [...NOT_EVIL, ...EVIL].map((path) => ({ path })) });
  bench = await openKillBench(
    scenario([
      ...[1, 2, 3, 4, 5].map(windows),
      host(6, { os: 'linux', processes: LINUX.map((path) => ({ path })) }),
    ]),
  );
});
after(() => bench.close());

/** Paths that were killed on a host, in order of their names. */
async function killed(n: number, request: ContainRequest, osType: 'windows' | 'linux' = 'windows') {
  await bench.kill({ sensorId: n, ...request }, { osType });
  return (await bench.simulator.ledger())
    .filter((e) => e.effect === 'killed' && e.sensorId === n)
    .map((e) => e.path ?? '')
    .sort();
}
const inListForm = (paths: readonly string[]) => paths.map((p) => p.toLowerCase()).sort();

describe('On Windows', () => {
  it('a name is the whole base name, in any case, and no other one.', async () => {
    assert.deepEqual(await killed(1, { processName: 'Evil.EXE' }), inListForm(EVIL));
  });

  it('a path is the whole path, with either slash, in any case, with or without its long prefix.', async () => {
    assert.deepEqual(await killed(2, { processPath: 'C:/Temp/EVIL.exe' }), ['c:\\temp\\evil.exe']);
    const both = ['\\\\?\\c:\\temp\\long\\evil.exe', 'c:\\temp\\evil.exe'];
    assert.deepEqual(await killed(2, { processPath: 'c:\\temp\\long\\evil.exe' }), both);
    assert.deepEqual(await killed(3, { processPath: '\\\\?\\C:\\Temp\\Evil.exe' }), ['c:\\temp\\evil.exe']);
  });

  it('a short 8.3 name is the name of what it says, not of what it may stand for.', async () => {
    assert.deepEqual(await killed(4, { processName: 'EVIL~1.EXE' }), ['c:\\temp\\evil~1.exe']);
  });

  it('a dot at the end is part of the name: Windows has such files, and only such ones are meant.', async () => {
    assert.deepEqual(await killed(5, { processName: 'evil.exe.' }), ['c:\\temp\\evil.exe.']);
  });

  it('a sign that only becomes a Latin letter in lower case is not that letter.', () => {
    const running = (path: string) => ({ path, guid: '' });
    assert.ok(!matches(running('c:\\temp\\\u212Ait.exe'), { name: 'kit.exe' }, 'windows'), 'Kelvin sign');
    assert.ok(matches(running('c:\\temp\\kit.exe'), { name: 'KIT.exe' }, 'windows'));
    assert.ok(matches(running('c:\\temp\\\u00C9vil.exe'), { name: '\u00E9vil.exe' }, 'windows'), 'é is É');
  });
});

describe('On Linux', () => {
  it('case counts, a backslash is a letter, and a deleted file keeps its name.', async () => {
    assert.deepEqual(await killed(6, { processName: 'evil' }, 'linux'), ['/opt/evil (deleted)', '/tmp/evil']);
  });
});
