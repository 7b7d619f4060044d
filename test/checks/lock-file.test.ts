import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempProject, type TempProject } from './temp-project.js';

interface Lock {
  packages: Record<string, { version: string; resolved?: string }>;
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
