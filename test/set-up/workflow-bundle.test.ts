import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempProject } from './temp-project.js';

const WORKFLOW =
  "import { sleep } from '@temporalio/workflow';\nexport async function pause() {\n  await sleep(1);\n}\n";

test('a bundle of workflows, contract and SDK passes the gate', async (t) => {
  const project = tempProject(t, 'linked');
  project.write('contract/index.ts', 'export const second = 1000;\n');
  project.write('workflows/index.ts', `${WORKFLOW}export { second } from '../contract/index.js';\n`);
  const built = await project.run('ensure.mjs', ['--build']);
  assert.equal(built.status, 0, built.stderr);
  const { status, stderr } = await project.run('check-bundle.mjs');
  assert.equal(status, 0, stderr);
});

test('a bundle into which axios and zod slipped is caught', async (t) => {
  const project = tempProject(t, 'linked');
  project.write(
    'workflows/index.ts',
    `import axios from 'axios';\nimport { z } from 'zod';\n${WORKFLOW}export const slipped = [axios, z];\n`,
  );
  const built = await project.run('ensure.mjs', ['--build']);
  assert.equal(built.status, 0, built.stderr);
  const { status, stderr } = await project.run('check-bundle.mjs');
  assert.equal(status, 1);
  assert.match(stderr, /must not hold .*node_modules\/axios\//);
  assert.match(stderr, /must not hold .*node_modules\/zod\//);
});

test('a missing bundle is told, with the command that makes it', async (t) => {
  const { status, stderr } = await tempProject(t, 'none').run('check-bundle.mjs');
  assert.equal(status, 1);
  assert.match(stderr, /npm run build/);
});
