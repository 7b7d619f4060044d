import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempProject, type TempProject } from './temp-project.js';

/**
 * Stands in for npm where installing for real would take a minute: a program called npm-cli.js that notes how it was
 * called, takes a moment, and writes npm's account of an install (all that set-up reads).
 */
const NPM = `
const { appendFileSync, copyFileSync, mkdirSync } = require('node:fs');
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
setTimeout(() => {
  if (process.env.NPM_FAILS) { console.error('npm error E404 no such package'); process.exit(1); }
  mkdirSync('node_modules', { recursive: true });
  copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
}, 300);
`;

function withNpm(project: TempProject, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  project.write('npm/npm-cli.js', NPM);
  project.write('npm/package.json', '{}');
  return { npm_execpath: join(project.folder, 'npm', 'npm-cli.js'), ...env };
}

function callsOf(project: TempProject): string[] {
  const file = join(project.folder, 'npm-calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

test('a fresh clone gets its packages by npm ci, a second start does nothing', async (t) => {
  const project = tempProject(t, 'none');
  const env = withNpm(project);
  const first = await project.run('ensure.mjs', [], env);
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stderr, /^set-up: installing the locked npm packages \(once\) …\n$/);
  assert.equal(first.stdout, '');
  const second = await project.run('ensure.mjs', [], env);
  assert.deepEqual(second, { status: 0, stdout: '', stderr: '' });
  assert.deepEqual(callsOf(project), ['ci --no-audit --no-fund --loglevel=error']);
});

test('a lock file that changed is installed again', async (t) => {
  const project = tempProject(t, 'none');
  const env = withNpm(project);
  await project.run('ensure.mjs', [], env);
  const path = join(project.folder, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, { version: string }> };
  lock.packages['node_modules/zod']!.version = '0.0.1';
  writeFileSync(path, JSON.stringify(lock));
  assert.equal((await project.run('ensure.mjs', [], env)).status, 0);
  assert.equal(callsOf(project).length, 2);
});

test('two starts at once install once and both succeed', async (t) => {
  const project = tempProject(t, 'none');
  const env = withNpm(project);
  const both = await Promise.all([project.run('ensure.mjs', [], env), project.run('ensure.mjs', [], env)]);
  assert.deepEqual(
    both.map(({ status }) => status),
    [0, 0],
  );
  assert.equal(callsOf(project).length, 1);
  assert.deepEqual(readdirSync(join(project.folder, '.temporal')), [], 'the lock is gone');
});

test('a lock left by a process that died is taken over', async (t) => {
  const project = tempProject(t, 'none');
  const env = withNpm(project);
  // Above the largest id that Linux and macOS give a process.
  project.write('.temporal/set-up.lock/pid', '4194304999');
  const { status, stderr } = await project.run('ensure.mjs', [], env);
  assert.equal(status, 0, stderr);
  assert.equal(callsOf(project).length, 1);
});

test('an install that fails ends with what npm said and what to do', async (t) => {
  const project = tempProject(t, 'none');
  const { status, stderr } = await project.run('ensure.mjs', [], withNpm(project, { NPM_FAILS: '1' }));
  assert.equal(status, 1);
  assert.match(stderr, /npm ci failed:[^]*E404 no such package[^]*Run `npm ci` by hand/);
  assert.doesNotMatch(stderr, /at .*ensure\.mjs/, 'no stack');
});
