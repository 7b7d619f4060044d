import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { cli, type CliError, documentOf } from '../end-to-end/cli.js';
import { emptyFolder } from '../support/folders.js';

// Nothing listens there: whoever gets as far as Temporal ends with 3, so 2 shows that nothing was started.
const NOBODY = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
const MD5 = '0123456789abcdef0123456789abcdef';
const HOST = ['--hostname', 'win7pro64'];
const NAME = ['--process-name', 'vnc.exe'];

const BAD_REQUESTS: [title: string, args: string[], expected: RegExp][] = [
  ['an empty host name', ['--hostname', '', ...NAME], /--hostname: It is empty/],
  [
    'an absurd host name',
    ['--hostname', 'win7 pro?', ...NAME],
    /--hostname: .* cannot be the name of one host/,
  ],
  [
    'a host name of 300 characters',
    ['--hostname', 'x'.repeat(300), ...NAME],
    /--hostname: It has 300 characters/,
  ],
  ['a wildcard for a host', ['--hostname', 'win7*', ...NAME], /no wildcard/],
  ['no host', [...NAME], /names no host.*--hostname, --sensor-id/],
  ['no selector', [...HOST], /names no process.*--no-kill/],
  ['a wildcard for a process', [...HOST, '--process-name', '*.exe'], /--process-name: It has a wildcard/],
  ['a path for a name', [...HOST, '--process-name', 'c:\\x\\vnc.exe'], /goes into --process-path/],
  [
    'a path without a base name',
    [...HOST, '--process-path', 'c:\\x\\'],
    /--process-path: It ends in a slash/,
  ],
  [
    'an MD5 of the wrong length',
    [...HOST, '--process-md5', MD5.slice(1)],
    /--process-md5: It has 31 characters/,
  ],
  [
    'an MD5 to ban of the wrong length',
    [...HOST, ...NAME, '--ban-md5', 'abc'],
    /--ban-md5: It is not an MD5/,
  ],
  ['a negative sensor id', ['--sensor-id', '-5', ...NAME], /--sensor-id: It is -5/],
  ['a sensor id that is no number', ['--sensor-id', 'seven', ...NAME], /--sensor-id: It is "seven"/],
  [
    'a GUID of another sensor',
    ['--sensor-id', '2', '--process-guid', '00000001-0000-0b1c-01d3-9e6a5d0f1a2b'],
    /--process-guid: It belongs to sensor 1/,
  ],
  [
    'a lease that is no duration',
    [...HOST, ...NAME, '--lease', 'soon'],
    /--lease: "soon" is no such duration/,
  ],
  ['a request for nothing', [...HOST, '--no-kill', '--no-isolate'], /asks for nothing/],
];

const BAD_USAGE: [title: string, args: string[], expected: RegExp][] = [
  ['no command', [], /No command was given/],
  ['an unknown command', ['contian'], /Unknown command 'contian'.*contain/],
  [
    'a flag of a later version',
    ['contain', ...HOST, ...NAME, '--on-weekends'],
    /Unknown option '--on-weekends'/,
  ],
  ['an unknown ban scope', ['contain', ...HOST, ...NAME, '--ban-scope', 'all'], /instance, name, none/],
  [
    'an unknown failure policy',
    ['contain', ...HOST, ...NAME, '--on-failure', 'hope'],
    /auto, release, keep, ask/,
  ],
  ['a flag without its value', ['contain', '--hostname'], /--hostname <name>.* argument missing/],
  ['a stray word', ['contain', ...HOST, ...NAME, 'now'], /[Tt]oo many arguments/],
  ['a wait that is no duration', ['contain', ...HOST, ...NAME, '--wait', '15'], /--wait is "15"/],
  ['keep and release at once', ['cancel', 'win7pro64', '--keep', '--release'], /cannot be used with/],
  ['status without an id', ['status'], /[Mm]issing required argument/],
  ['slots that are no number', ['worker', '--slots', 'many'], /--slots is "many"/],
  ['a port out of range', ['simulator', '--port', '70000'], /--port is "70000"/],
  ['an unknown scenario', ['simulator', '--scenario', 'nope'], /There is no scenario "nope"/],
  ['a demo of an unknown scenario', ['demo', '--scenario', 'nope'], /The demo has no scenario "nope"/],
];

function assertClear(text: string): void {
  assert.doesNotMatch(text, /^\s+at .*:\d+:\d+/m, 'a stack trace');
  assert.match(text, /^ {2}next: +\S/m);
}

describe('bad input', { concurrency: 2 }, () => {
  for (const [title, args, expected] of BAD_REQUESTS) {
    it(`${title}: contain says so, with code 2`, async () => {
      const ran = await cli(['contain', ...args], NOBODY);
      assert.equal(ran.code, 2, ran.stderr);
      assert.equal(ran.stdout, '');
      assert.match(ran.stderr, expected);
      assertClear(ran.stderr);
    });
  }

  for (const [title, args, expected] of BAD_USAGE) {
    it(`${title}: one clear message, with code 2`, async () => {
      const ran = await cli(args, NOBODY);
      assert.equal(ran.code, 2, ran.stderr);
      assert.equal(ran.stdout, '');
      assert.match(ran.stderr, expected);
      assertClear(ran.stderr);
    });
  }

  it('an unknown profile: the worker lists those there are', async () => {
    const home = emptyFolder();
    const folder = join(home, '.carbonblack');
    mkdirSync(folder);
    writeFileSync(join(folder, 'credentials.response'), '[prod]\nurl=https://cb.example\ntoken=0123\n');
    const ran = await cli(['worker', '--profile', 'porduction'], { ...NOBODY, HOME: home });
    assert.equal(ran.code, 2, ran.stderr);
    assert.match(ran.stderr, /porduction[\s\S]*prod/);
    assertClear(ran.stderr);
  });

  it('a credentials file that is no such file: the worker names it, and no token', async () => {
    const home = emptyFolder();
    mkdirSync(join(home, '.carbonblack'));
    const file = join(home, '.carbonblack', 'credentials.response');
    // A folder in its place is unreadable for root, too.
    mkdirSync(file);
    chmodSync(file, 0o000);
    const ran = await cli(['worker', '--profile', 'prod'], { ...NOBODY, HOME: home });
    assert.equal(ran.code, 2, ran.stderr);
    assert.match(ran.stderr, /credentials\.response/);
    assertClear(ran.stderr);
  });
});

describe('bad input with --json', { concurrency: 2 }, () => {
  it('lists every mistake in one document on stdout', async () => {
    const ran = await cli(['contain', '--json', '--hostname', 'web*', '--process-md5', 'abc'], NOBODY);
    assert.equal(ran.code, 2);
    const { error } = documentOf<CliError>(ran);
    assert.equal(error.code, 'InvalidRequest');
    assert.deepEqual(
      (error['mistakes'] as { field: string }[]).map((m) => m.field),
      ['hostname', 'processMd5'],
    );
    assert.ok(error.expected && error.next);
    assert.equal(ran.stderr, '');
  });

  for (const args of [
    ['contain', '--json', '--bogus'],
    ['contain', '--json', '--ban-scope', 'all'],
    ['bogus', '--json'],
    ['cancel', 'x', '--keep', '--release', '--json'],
    ['status', '--json'],
    ['contain', ...HOST, ...NAME, '--wait', 'x', '--json'],
  ]) {
    it(`${args.join(' ')}: an error document, nothing else`, async () => {
      const ran = await cli(args, NOBODY);
      assert.equal(ran.code, 2);
      const { error } = documentOf<CliError>(ran);
      assert.deepEqual(Object.keys(error).slice(0, 4), ['code', 'message', 'expected', 'next']);
      assert.equal(ran.stderr, '');
    });
  }

  it('help is one document too', async () => {
    const ran = await cli(['contain', '--help', '--json']);
    assert.equal(ran.code, 0);
    assert.match(documentOf<{ help: string }>(ran).help, /--process-name/);
  });
});

describe('Temporal out of reach', { concurrency: 2 }, () => {
  for (const args of [
    ['contain', ...HOST, ...NAME],
    ['status', 'win7pro64'],
    ['receipt', 'win7pro64'],
    ['cancel', 'win7pro64'],
  ]) {
    it(`${args[0]} says where it looked and what to do, with code 3`, async () => {
      const ran = await cli([...args, '--json'], NOBODY);
      assert.equal(ran.code, 3, ran.stdout);
      const { error } = documentOf<CliError>(ran);
      assert.equal(error.code, 'TemporalUnreachable');
      assert.match(error.message, /127\.0\.0\.1:1: nobody listens there/);
      assert.match(error.next ?? '', /TEMPORAL_ADDRESS/);
    });
  }

  it('a configuration file that is no TOML is named as the cause, with code 2', async () => {
    const file = join(emptyFolder(), 'temporal.toml');
    writeFileSync(file, '[profile\napi_key = "canary-key"');
    const ran = await cli(['status', 'win7pro64'], { TEMPORAL_CONFIG_FILE: file });
    assert.equal(ran.code, 2, ran.stderr);
    assert.match(ran.stderr, /configuration cannot be used/);
    assert.doesNotMatch(ran.stderr, /canary-key/);
    assertClear(ran.stderr);
  });
});
