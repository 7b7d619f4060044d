import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { explain, type Explanation } from '../../cli/policy/explain.js';
import { explanationText } from '../../cli/text/explain.js';
import { checkPolicy, checkRequest, DEFAULT_POLICY } from '../../contract/index.js';
import { cli, type CliError, documentOf } from '../end-to-end/cli.js';
import { emptyFolder } from '../support/folders.js';

// Nothing listens there: whoever gets as far as Temporal ends with 3.
const NOBODY = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
const MD5 = '0123456789ABCDEF0123456789ABCDEF';
const folder = emptyFolder();

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
const GOOD = fileOf(
  'good.yaml',
  'protectedHosts: {names: [dc*], servers: true}\nlimits: {isolatedAtOnce: 5}\n',
);
const BAD = fileOf(
  'bad.yaml',
  'ban:\n  mostHosts: many\n  trustedPublisher: [x]\ndefaults: {onFailure: hope}\n',
);
const MISTAKES = [
  /bad\.yaml:2: ban\.mostHosts: /,
  /bad\.yaml:3: ban\.trustedPublisher: /,
  /bad\.yaml:4: defaults\.onFailure: /,
];

function explained(policy: object | null, request: object): Explanation {
  const checked = policy === null ? { ok: true as const, policy: DEFAULT_POLICY } : checkPolicy(policy);
  const asked = checkRequest({ hostname: 'win7', processName: 'vnc.exe', ...request });
  assert.ok(checked.ok && asked.ok, JSON.stringify([checked, asked]));
  return explain({ policy: checked.policy, name: 'company.yaml', digest: 'd'.repeat(64) }, asked.request);
}

describe('policy check', () => {
  it('of a good file exits 0, and tells its digest', async () => {
    const ran = await cli(['policy', 'check', GOOD, '--json'], NOBODY);
    assert.equal(ran.code, 0, ran.stderr);
    const answer = documentOf<{ ok: boolean; digest: string; policy: { limits: object } }>(ran);
    assert.deepEqual(
      [answer.ok, answer.policy.limits],
      [true, { containmentsPerHour: null, isolatedAtOnce: 5 }],
    );
    assert.match(answer.digest, /^[0-9a-f]{64}$/);
  });

  it('of a bad one exits 2, every mistake on a line of its own with file, line and key', async () => {
    const ran = await cli(['policy', 'check', BAD], NOBODY);
    assert.equal(ran.code, 2);
    assert.equal(ran.stdout, '');
    const lines = ran.stderr.split('\n').filter((line) => line.includes('bad.yaml:'));
    assert.equal(lines.length, 3, ran.stderr);
    MISTAKES.forEach((wanted, i) => assert.match(lines[i] ?? '', wanted));
    assert.match(ran.stderr, /One of auto, release, keep, ask/);
    assert.match(ran.stderr, /next: +\S/);
  });

  it('tells the same in one document with --json', async () => {
    const ran = await cli(['policy', 'check', BAD, '--json'], NOBODY);
    assert.equal(ran.code, 2);
    const { error } = documentOf<CliError>(ran);
    assert.equal(error.code, 'InvalidPolicy');
    assert.deepEqual(
      (error['mistakes'] as { line: number; field: string }[]).map((m) => [m.line, m.field]),
      [
        [2, 'ban.mostHosts'],
        [3, 'ban.trustedPublisher'],
        [4, 'defaults.onFailure'],
      ],
    );
    assert.equal(ran.stderr, '');
  });
});

describe('contain with a policy', () => {
  it('that is wrong starts nothing', async () => {
    const host = ['--hostname', 'win7', '--process-name', 'vnc.exe'];
    const ran = await cli(['contain', ...host, '--policy', BAD], NOBODY);
    assert.equal(ran.code, 2, ran.stderr);
    for (const wanted of MISTAKES) assert.match(ran.stderr, wanted);
  });

  it('and a rule to override wants a reason, in the words of the command line', async () => {
    const host = ['--hostname', 'win7', '--process-name', 'vnc.exe'];
    const ran = await cli(['contain', ...host, '--ban-prevalent', '--override', 'everything'], NOBODY);
    assert.equal(ran.code, 2, ran.stderr);
    assert.match(ran.stderr, /--reason: An override needs one/);
    assert.match(ran.stderr, /--override: "everything" is no rule/);
  });
});

describe('policy explain', () => {
  it('asks nobody, and tells what would come of a containment', async () => {
    const host = ['--hostname', 'DC01', '--process-name', 'vnc.exe'];
    const ran = await cli(['policy', 'explain', ...host, '--policy', GOOD], NOBODY);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^REFUSED: nothing would be changed {2}DC01/);
    assert.match(ran.stdout, /protected by the policy: name dc\*/);
    assert.match(ran.stdout, /5 hosts isolated at once/);
    assert.match(ran.stdout, /not known .*\n.*whether a rule protects the host: it is a server/);
  });

  it('goes ahead by the built-in policy, and says what nobody knows yet', () => {
    const e = explained(null, {});
    assert.equal(e.outcome, 'goes-ahead');
    assert.equal(e.approval.mode, 'none');
    const text = explanationText(e);
    for (const wanted of [/GOES AHEAD/, /more than 25 hosts/, /5 rounds/, /until released/, /who signed/])
      assert.match(text, wanted);
    assert.doesNotMatch(text, /limits|objections|null|undefined/);
  });

  it('refuses protected processes of both lists, and tells of protected paths among a name', () => {
    const policy = { protectedProcesses: ['erp.exe', 'c:\\app\\vnc.exe'] };
    for (const processName of ['ERP.exe', 'lsass.exe', 'cb.exe'])
      assert.deepEqual(
        explained(policy, { processName }).objections.map((o) => o.type),
        ['ProtectedProcess'],
      );
    const e = explained(policy, {});
    assert.equal(e.outcome, 'goes-ahead');
    assert.match(explanationText(e), /c:\\app\\vnc\.exe is protected and left alive/);
    assert.deepEqual(explained(policy, { processName: 'erp.exe', kill: false }).objections, []);
  });

  it('tells what an override would let through', () => {
    const policy = { protectedHosts: { names: ['win*'], groupIds: [2] } };
    const override = { overrides: ['protected-host', 'limits'], reason: 'r', requestedBy: 'ann' };
    assert.equal(explained(policy, {}).outcome, 'refused');
    const e = explained(policy, override);
    assert.equal(e.outcome, 'goes-ahead');
    assert.match(e.overrides[0]?.letsThrough ?? '', /name win\*/);
    assert.equal(e.overrides[1]?.letsThrough, null);
    assert.match(explanationText(e), /whether a rule protects the host: group 2/);
  });

  it('asks where policy or request say so, the stricter of both, and tells what else would make it ask', () => {
    const when = { serverOs: true, protectedName: true, signed: true, unsigned: true, seenOnMoreThan: 3 };
    const policy = { approval: { always: 'before-kill', when, timeout: '2h' } };
    const e = explained(policy, {});
    assert.deepEqual([e.outcome, e.approval.mode, e.approval.maybe.length], ['asks', 'before-kill', 5]);
    assert.equal(explained(policy, { approval: 'before-all' }).approval.mode, 'before-all');
    assert.equal(explained(policy, { approval: 'none' }).approval.mode, 'before-kill');
    assert.equal(explained(null, { approval: 'before-kill' }).outcome, 'asks');
    assert.match(explanationText(e), /ASKS[\s\S]*within 2h nothing is killed/);
  });

  it('shows the defaults of the policy where the request says nothing, and hashes that it protects', () => {
    const policy = {
      protectedHashes: [MD5],
      ban: {
        mostHosts: 'unlimited',
        mostPercent: 5,
        trustedPublishers: ['RealVNC Ltd'],
        enableDisabled: false,
      },
      kill: { respawn: 'report' },
      defaults: { lease: '4h', onFailure: 'keep' },
    };
    const e = explained(policy, { banMd5: [MD5], onFailure: 'release' });
    assert.deepEqual([e.request.leaseMs, e.request.onFailure], [14_400_000, 'release']);
    const text = explanationText(e);
    for (const wanted of [
      /for 4h after the end/,
      new RegExp(MD5),
      /5 % of the fleet/,
      /RealVNC/,
      /disabled-ban/,
    ])
      assert.match(text, wanted);
    assert.match(text, /reported and left alive/);
  });
});
