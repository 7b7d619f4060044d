import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { describeFileMistake, readPolicyFile } from '../../worker/policy-file.js';
import { readSettings } from '../../worker/settings.js';
import { WorkerStartError } from '../../worker/start-error.js';
import { emptyFolder } from '../support/folders.js';

const folder = emptyFolder();

function fileOf(text: string): string {
  const file = join(folder, 'company.yaml');
  writeFileSync(file, text);
  return file;
}

/** `line: field: problem` of every mistake. */
function mistakesOf(text: string): string[] {
  const read = readPolicyFile(fileOf(text));
  assert.ok(!read.ok, text);
  for (const mistake of read.mistakes)
    assert.ok(describeFileMistake(mistake).startsWith(join(folder, 'company')));
  return read.mistakes.map(({ line, field, problem }) => `${line}: ${field}: ${problem}`);
}

describe('a policy file', () => {
  it('is YAML, with comments, and JSON too', () => {
    const yaml = readPolicyFile(
      fileOf('# ours\nban:\n  mostHosts: 10 # few\nprotectedHosts: {names: ["*-dc"]}\n'),
    );
    const json = readPolicyFile(fileOf('{"ban": {"mostHosts": 10}, "protectedHosts": {"names": ["*-dc"]}}'));
    assert.ok(yaml.ok && json.ok);
    assert.deepEqual(yaml.policy, json.policy);
    assert.deepEqual(yaml.raw, { ban: { mostHosts: 10 }, protectedHosts: { names: ['*-dc'] } });
  });

  it('tells of every mistake its line and its key, in the order of the file', () => {
    const mistakes = mistakesOf(
      [
        'protectedHosts:', //            1
        '  names: [dc*, "*"]', //        2
        '  sensorIds:', //               3
        '    - 1', //                    4
        '    - seven', //                5
        'ban:', //                       6
        '  mostHosts: many', //          7
        '  mostPercent:', //             8
        'approval: {', //                9
        '  when: {signed: yes}}', //    10
        'kills: {}', //                 11
        'a.b: 1', //                    12
      ].join('\n'),
    );
    assert.deepEqual(
      mistakes.map((m) => m.split(': ').slice(0, 2).join(' ')),
      [
        '2 protectedHosts.names[1]',
        '5 protectedHosts.sensorIds[1]',
        '7 ban.mostHosts',
        '8 ban.mostPercent',
        '10 approval.when.signed',
        '11 kills',
        '12 a.b',
      ],
    );
  });

  it('that is empty, or a comment alone, says so', () => {
    for (const text of ['', '\n\n', '# nothing yet\n', '---\n'])
      assert.match(mistakesOf(text).join(), /^null: : The policy is empty/, JSON.stringify(text));
  });

  it('that is no YAML is told by its line', () => {
    assert.match(mistakesOf('ban:\n  mostHosts: [1\nkill: {}\n').join(), /^3: /);
    assert.match(mistakesOf('ban:\n\tmostHosts: 1\n').join(), /^2: : Tabs/);
    assert.match(
      mistakesOf('kill: {rounds: 1}\nkill: {rounds: 2}\n').join(),
      /^2: kill: Map keys must be unique/,
    );
    assert.match(mistakesOf('kill: {rounds: 1}\n---\nkill: {rounds: 2}\n').join(), /multiple documents/);
  });

  it('that is something else says what it is', () => {
    assert.match(mistakesOf('just words').join(), /The policy is "just words"/);
    assert.match(mistakesOf('- a\n- b\n').join(), /The policy is \["a","b"\]/);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${Array(9).fill('*a').join()}]\nc: [${Array(9).fill('*b').join()}]\n`;
    assert.match(mistakesOf(bomb).join(), /alias/i);
  });

  it('that cannot be read, or is far too long, is no policy', () => {
    for (const file of [join(folder, 'nosuch.yaml'), folder]) {
      const read = readPolicyFile(file);
      assert.ok(!read.ok);
      assert.match(read.mistakes[0]?.problem ?? '', /cannot be read \((ENOENT|EISDIR)\)/);
    }
    assert.match(mistakesOf(`# ${'x'.repeat(1_000_000)}`).join(), /more than 1000000 bytes/);
  });
});

describe('the policy of a worker', () => {
  const env = { CBAPI_URL: 'https://cb.example', CBAPI_TOKEN: 'x' };

  it('is the built-in one where no file is named', () => {
    for (const more of [{}, { CB_PLAYBOOK_POLICY: '' }])
      assert.equal(readSettings({ env: { ...env, ...more } }).policy, undefined);
  });

  it('is that of the flag before that of the environment, and goes by the name of its file', () => {
    const file = fileOf('kill: {rounds: 2}\n');
    const byFlag = readSettings({ policy: file, env: { ...env, CB_PLAYBOOK_POLICY: '/nosuch' } }).policy;
    const byEnv = readSettings({ env: { ...env, CB_PLAYBOOK_POLICY: file } }).policy;
    assert.deepEqual(byFlag, byEnv);
    assert.deepEqual([byFlag?.name, byFlag?.policy.kill.rounds], [file, 2]);
  });

  it('keeps it from starting where the file is wrong: every mistake with its line', () => {
    const file = fileOf('ban:\n  mostHost: 1\nkill: {rounds: 0}\n');
    assert.throws(
      () => readSettings({ policy: file, env }),
      (error: unknown) => {
        assert.ok(error instanceof WorkerStartError);
        assert.equal(error.exitCode, 2);
        assert.match(error.message, /company\.yaml:2: ban\.mostHost: .*\n.*company\.yaml:3: kill\.rounds: /);
        assert.match(error.next, /policy check/);
        return true;
      },
    );
  });
});
