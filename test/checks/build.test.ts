import assert from 'node:assert/strict';
import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { tempProject } from './temp-project.js';

test('dist mirrors the rooms, is built once, and forgets a source that is gone', async (t) => {
  const project = tempProject(t, 'linked');
  const dist = (path: string) => join(project.folder, 'dist', path);
  project.write('contract/request.schema.json', '{}');
  project.write('contract/old.ts', 'export const answer = 42;\n');
  project.write('cli/main.ts', '#!/usr/bin/env node\nexport const done = true;\n');
  project.write('testing/index.ts', "export * from '../scripts/temporal-binaries.mjs';\n");

  const first = await project.run('ensure.mjs', ['--build']);
  assert.equal(first.status, 0, first.stderr);
  for (const path of ['contract/old.js', 'contract/old.d.ts', 'contract/request.schema.json']) {
    assert.ok(existsSync(dist(path)), path);
  }
  assert.equal(statSync(dist('cli/main.js')).mode & 0o111, 0o111, 'the command can be run');
  const testing = (await import(pathToFileURL(dist('testing/index.js')).href)) as { packageRoot(): string };
  assert.equal(testing.packageRoot(), project.folder);

  assert.deepEqual(await project.run('ensure.mjs', ['--build']), { status: 0, stdout: '', stderr: '' });

  renameSync(join(project.folder, 'contract/old.ts'), join(project.folder, 'contract/new.ts'));
  const third = await project.run('ensure.mjs', ['--build']);
  assert.equal(third.status, 0, third.stderr);
  assert.deepEqual(
    [
      existsSync(dist('contract/new.js')),
      existsSync(dist('contract/old.js')),
      existsSync(dist('contract/old.d.ts')),
    ],
    [true, false, false],
  );
});

test('a build that fails says so and is tried again', async (t) => {
  const project = tempProject(t, 'linked');
  project.write('contract/index.ts', 'export const n: number = "one";\n');
  for (const _try of [1, 2]) {
    const { status, stderr } = await project.run('ensure.mjs', ['--build']);
    assert.equal(status, 1);
    assert.match(stderr, /contract\/index\.ts.*TS2322[^]*The build failed/);
  }
});
