import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempProject } from './temp-project.js';

const WORKFLOW =
  "import { sleep } from '@temporalio/workflow';\nexport async function pause() {\n  await sleep(1);\n}\n";

// That a bundle of nothing else passes, `npm run verify` shows on the real one.
test('a bundle into which axios and zod slipped is caught, and nothing but these', async (t) => {
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
  for (const line of stderr.trim().split('\n')) assert.match(line, /node_modules\//, line);
});

test('a missing bundle is told, with the command that makes it', async (t) => {
  const { status, stderr } = await tempProject(t, 'none').run('check-bundle.mjs');
  assert.equal(status, 1);
  assert.match(stderr, /npm run build/);
});
