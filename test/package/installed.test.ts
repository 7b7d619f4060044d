import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Receipt } from '../../contract/index.js';
import { findTemporalBinaries } from '../../scripts/temporal-binaries.mjs';
import { startDevServer } from '../../testing/index.js';
import { Child } from '../support/child.js';
import { cleanEnv, projectRoot } from '../support/worker-process.js';
import { type Consumer, createConsumer } from './consumer.js';

const run = promisify(execFile);

/** The consumer has no `.temporal` of its own: it is told where the programs are, as a user would. */
function temporalEnv(): NodeJS.ProcessEnv {
  const { cli, testServer } = findTemporalBinaries();
  return { TEMPORAL_CLI_PATH: cli ?? undefined, TEMPORAL_TEST_SERVER_PATH: testServer ?? undefined };
}

describe('the packed tarball, installed in a project outside the repository', () => {
  let consumer: Consumer;
  before(async () => {
    consumer = await createConsumer();
  });
  after(() => consumer.remove());

  it('contains a host with the command that npm linked: simulator, worker and contain', async () => {
    // The first line of the command looks for node: this one.
    const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
    const start = (args: string[], env: NodeJS.ProcessEnv = {}): Child =>
      new Child(consumer.bin, args, cleanEnv({ PATH, ...env }), consumer.folder);
    const simulator = start(['simulator', '--scenario', 'evil-sticky-notes', '--check-in', '1s']);
    const server = await startDevServer();
    let worker: Child | null = null;
    try {
      const { url, token } = JSON.parse(await simulator.line('stdout', /"url"/)) as {
        url: string;
        token: string;
      };
      const env = { TEMPORAL_ADDRESS: server.address };
      worker = start(['worker'], { ...env, CBAPI_URL: url, CBAPI_TOKEN: token });
      await worker.line('stdout', /ready/);
      const contain = start(
        ['contain', '--hostname', 'win7pro64', '--process-name', 'vnc.exe', '--json'],
        env,
      );
      const { code } = await contain.exited;
      const receipt = JSON.parse(contain.stdout) as Receipt;
      assert.equal(receipt.verdict, 'contained', contain.stderr);
      assert.equal(code, 0);
    } finally {
      await worker?.stop();
      await server.stop();
      await simulator.stop();
    }
  });

  it('gives each of its parts to a program that imports it', async () => {
    const { stdout } = await run(process.execPath, ['parts.mjs'], {
      cwd: consumer.folder,
      env: cleanEnv(temporalEnv()),
    });
    assert.equal(stdout, 'all parts\n');
  });

  it('runs a user’s own test on the testing export', async () => {
    const test = await run(process.execPath, ['--test', 'sample.test.mjs'], {
      cwd: consumer.folder,
      // A runner inside a runner would report to the outer one.
      env: { ...cleanEnv(temporalEnv()), NODE_TEST_CONTEXT: undefined },
    }).catch((error: { stdout?: string }) => assert.fail(error.stdout));
    assert.match(test.stdout, /^[#ℹ] pass 1$/m);
    assert.match(test.stdout, /^[#ℹ] fail 0$/m);
  });

  it('ships declarations that a strict TypeScript project compiles against', async () => {
    const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
    const types = ['--typeRoots', join(projectRoot, 'node_modules', '@types'), '--types', 'node'];
    await run(process.execPath, [tsc, ...strict, ...types, 'automation.ts'], { cwd: consumer.folder }).catch(
      (error: { stdout?: string }) => assert.fail(error.stdout),
    );
  });

  it('ships the JSON Schema of the request and the bundle of the workflows, and no tests', async () => {
    const installed = join(consumer.folder, 'node_modules', 'cb-response-playbook');
    await access(join(installed, 'dist', 'contract', 'request.schema.json'));
    await assert.rejects(access(join(installed, 'test')));
    assert.ok(consumer.packed.includes('dist/workflows/bundle.js'));
  });
});
