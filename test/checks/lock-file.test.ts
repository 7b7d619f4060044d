import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempProject, type TempProject } from './temp-project.js';

interface Lock {
  packages: Record<
    string,
    { version: string; resolved?: string; hasInstallScript?: boolean; inBundle?: boolean }
  >;
}

function editLock(project: TempProject, edit: (lock: Lock) => void): void {
  const lock = JSON.parse(readFileSync(join(project.folder, 'package-lock.json'), 'utf8')) as Lock;
  edit(lock);
  project.write('package-lock.json', JSON.stringify(lock));
}

test('the lock file installs anywhere: no hosts, every platform package, protobufjs 8 on top', async (t) => {
  const { status, stderr } = await tempProject(t, 'linked').run('check-dependencies.mjs');
  assert.equal(status, 0, stderr);
});

test('a lock file that names a host, lacks a platform or hoists protobufjs 7 is told apart', async (t) => {
  const project = tempProject(t, 'linked');
  editLock(project, ({ packages }) => {
    packages['node_modules/zod']!.resolved = 'https://registry.example/zod.tgz';
    delete packages['node_modules/@swc/core-darwin-arm64'];
    delete packages['node_modules/@oxc-parser/binding-win32-x64-msvc'];
    packages['node_modules/protobufjs']!.version = '7.6.6';
  });
  const { status, stderr } = await project.run('check-dependencies.mjs');
  assert.equal(status, 1);
  assert.match(stderr, /node_modules\/zod\)/);
  assert.match(stderr, /@swc\/core-darwin-arm64 .* is missing/);
  assert.match(stderr, /@oxc-parser\/binding-win32-x64-msvc .* is missing/);
  assert.match(stderr, /protobufjs at the top is 7\.6\.6/);
});

test('an install script that allowScripts says nothing of is told, once a package and wherever it lies', async (t) => {
  const project = tempProject(t, 'linked');
  const { allowScripts, ...manifest } = JSON.parse(project.read('package.json')) as {
    allowScripts: Record<string, boolean>;
  };
  delete allowScripts['@swc/core'];
  const check = async (more: Record<string, boolean> = {}): Promise<string[]> => {
    const written = { ...manifest, allowScripts: { ...allowScripts, ...more } };
    project.write('package.json', JSON.stringify(written));
    const { status, stderr } = await project.run('check-dependencies.mjs');
    const told = stderr.split('\n').filter((line) => line !== '');
    assert.equal(status, told.length > 0 ? 1 : 0, stderr);
    return told.map(
      (line) => /^(\S+) has an install script, and "allowScripts" .* Add "/.exec(line)?.[1] ?? line,
    );
  };
  editLock(project, ({ packages }) => {
    packages['node_modules/a/node_modules/@b/native'] = { version: '1.2.3', hasInstallScript: true };
    packages['node_modules/@b/native'] = { version: '1.2.3', hasInstallScript: true };
    packages['node_modules/a/node_modules/bundled'] = {
      version: '1.0.0',
      hasInstallScript: true,
      inBundle: true,
    };
  });
  assert.deepEqual((await check()).sort(), ['@b/native', '@swc/core']);
  assert.deepEqual(await check({ '@swc/core': false, '@b/native@1.2.4': true }), ['@b/native']);
  assert.deepEqual(await check({ '@swc/core': false, '@b/native@1.2.3': true }), []);
});
