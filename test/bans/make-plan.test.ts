import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planDigest } from '../../activities/make-plan.js';
import type { Plan, PlanInput, ProcessReport } from '../../contract/index.js';
import { guarded, md5 } from './support/binaries.js';
import { policy, TARGET, withServer } from './support/judging.js';

const server = withServer(guarded());

let pid = 100;
const process = (path: string, more: Partial<ProcessReport> = {}): ProcessReport => ({
  guid: `00000001-0000-0000-0000-${String((pid += 1)).padStart(12, '0')}`,
  pid,
  parentGuid: null,
  path,
  commandLine: null,
  username: null,
  startedAt: null,
  md5: null,
  hashSource: null,
  outcome: 'unknown',
  why: null,
  at: new Date(pid * 1000).toISOString(),
  round: 1,
  ...more,
});

const input = (more: Partial<PlanInput> = {}): PlanInput => ({
  target: TARGET,
  policy: { policy: policy(), digest: 'f'.repeat(64), name: 'built-in' },
  overrides: [],
  selectors: [{ n: 1, selector: { name: 'evil.exe' }, banScope: 'instance' }],
  isolate: true,
  kill: true,
  processes: [process('c:\\x\\evil.exe'), process('C:\\X\\Evil.exe'), process('c:\\y\\evil.exe')],
  listed: true,
  md5s: [md5('rare'), md5('many'), md5('standing')],
  notes: [],
  ...more,
});

const plan = (more: Partial<PlanInput> = {}): Promise<Plan> => server().run('makePlan', input(more));
const digest = async (more: Partial<PlanInput> = {}): Promise<string> => (await plan(more)).digest;

describe('A plan', () => {
  it('says in words what each step would change, and nothing that is refused or stands already', async () => {
    const {
      steps,
      hashes,
      policy: by,
    } = await plan({
      processes: [...input().processes, process('c:\\windows\\lsass.exe', { outcome: 'protected' })],
    });
    assert.deepEqual(
      steps.map((s) => s.effect),
      [
        'Isolate HOST-1 (sensor 1): only this server can still reach it.',
        'Kill 2 processes of c:\\x\\evil.exe.',
        'Kill one process of c:\\y\\evil.exe.',
        `Ban ${md5('rare')}: global, it touches one host and every host that gets the file later.`,
      ],
    );
    assert.deepEqual(
      new Map(hashes.map((h) => [h.md5, [h.judgement, h.ban?.username ?? null]])),
      new Map([
        [md5('rare'), ['ban', null]],
        [md5('many'), ['refuse', null]],
        [md5('standing'), ['ban', 'bob']],
      ]),
    );
    assert.equal(by, 'f'.repeat(64));
  });

  it('tells a disabled ban that is enabled from a new one', async () => {
    const { steps } = await plan({ isolate: false, kill: false, md5s: [md5('lifted')] });
    assert.match(steps[0]?.effect ?? '', /^Enable the disabled ban of /);
  });

  it('of nothing has no steps, and asks for no hash', async () => {
    const from = server().simulator.journal().length;
    const { steps, hashes } = await plan({ isolate: false, kill: false, processes: [], md5s: [] });
    assert.deepEqual([steps, hashes], [[], []]);
    assert.equal(server().simulator.journal().length, from);
  });

  it('changes nothing on the server', () => {
    assert.deepEqual(
      server()
        .simulator.journal()
        .filter((e) => e.method !== 'GET'),
      [],
    );
  });
});

describe('The digest of a plan', () => {
  it('is 64 hex digits, and the same for the same plan in another order', async () => {
    const first = await digest();
    assert.match(first, /^[0-9a-f]{64}$/);
    const { processes, md5s } = input();
    assert.equal(await digest({ processes: processes.reverse(), md5s: md5s.reverse() }), first);
  });

  it('does not mind respawns: pids, GUIDs, times and how many there are', async () => {
    assert.equal(
      await digest({ processes: [process('c:\\y\\evil.exe'), process('c:\\x\\evil.exe')] }),
      await digest(),
    );
  });

  it('does not mind protected processes, which nobody kills', async () => {
    const processes = [...input().processes, process('c:\\windows\\lsass.exe', { outcome: 'protected' })];
    assert.equal(await digest({ processes }), await digest());
  });

  it('minds everything that an approval is for', async () => {
    const others: Partial<PlanInput>[] = [
      {},
      { target: { ...TARGET, registration: 'another' } },
      { target: { ...TARGET, sensorId: 2 } },
      { selectors: [{ n: 1, selector: { name: 'evil.exe' }, banScope: 'name' }] },
      { selectors: [{ n: 1, selector: { name: 'other.exe' }, banScope: 'instance' }] },
      { processes: [...input().processes, process('c:\\z\\evil.exe')] },
      { processes: [process('c:\\x\\evil.exe', { md5: md5('rare') }), ...input().processes.slice(2)] },
      { processes: [process('c:\\x\\evil.exe', { md5: md5('tool') }), ...input().processes.slice(2)] },
      { md5s: [md5('rare'), md5('many')] },
      { md5s: [...input().md5s, md5('tool')] },
      { overrides: ['prevalent-ban'] },
      { evidence: 'file' },
      { evidence: 'memory' },
      { isolate: false },
      { kill: false },
    ];
    const digests = await Promise.all(others.map(digest));
    assert.equal(new Set(digests).size, others.length);
  });

  it('tells paths apart that differ in case where the system does, and folds them on Windows', () => {
    const of = (path: string, osType: 'windows' | 'linux') =>
      planDigest({ ...input({ processes: [process(path)] }), target: { ...TARGET, osType }, hashes: [] });
    assert.notEqual(of('/tmp/evil', 'linux'), of('/tmp/EVIL', 'linux'));
    assert.equal(of('c:\\evil.exe', 'windows'), of('C:/EVIL.exe', 'windows'));
  });
});
