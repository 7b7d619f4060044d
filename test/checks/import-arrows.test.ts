import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempProject } from './temp-project.js';

const INNOCENT = {
  'contract/index.ts': 'export interface Receipt { verdict: string }\n',
  'cb-response/index.ts':
    "import axios from 'axios';\nexport interface Sensor { id: number }\nexport const client = axios;\n",
  'worker/index.ts':
    "import type { Sensor } from '../cb-response/index.js';\nexport const work = (s: Sensor) => s.id;\n",
};

test('import arrows that the design allows pass', async (t) => {
  const project = tempProject(t, 'linked');
  for (const [path, text] of Object.entries(INNOCENT)) project.write(path, text);
  project.write(
    'workflows/index.ts',
    "import { sleep } from '@temporalio/workflow';\nimport type { Receipt } from '../contract/index.js';\nexport const w = (r: Receipt) => sleep(r.verdict.length);\n",
  );
  project.write('cli/main.ts', "const { work } = await import('../worker/index.js');\nconsole.log(work);\n");
  project.write(
    'testing/index.ts',
    "export { findTemporalBinaries } from '../scripts/temporal-binaries.mjs';\n",
  );
  const { status, stdout } = await project.run('check-arrows.mjs');
  assert.equal(status, 0, stdout);
});

const FORBIDDEN: [rule: string, path: string, text: string][] = [
  ['contract-packages', 'contract/a.ts', "import type { ZodError } from 'zod';\nexport type E = ZodError;\n"],
  [
    'contract-imports-only',
    'contract/b.ts',
    "import type { Sensor } from '../cb-response/index.js';\nexport type S = Sensor;\n",
  ],
  ['contract-without-node', 'contract/c.ts', "export { join } from 'node:path';\n"],
  ['workflows-packages', 'workflows/a.ts', "import axios from 'axios';\nexport const a = axios;\n"],
  [
    'workflows-without-node',
    'workflows/b.ts',
    "import { hostname } from 'node:os';\nexport const h = hostname;\n",
  ],
  ['workflows-imports-only', 'workflows/c.ts', "export { client } from '../cb-response/index.js';\n"],
  [
    'simulator-imports-only',
    'simulator/a.ts',
    "import type { Sensor } from '../cb-response/index.js';\nexport type S = Sensor;\n",
  ],
  [
    'cb-response-imports-only',
    'cb-response/a.ts',
    "import type { Receipt } from '../contract/index.js';\nexport type R = Receipt;\n",
  ],
  ['client-imports-only', 'client/a.ts', "export { work } from '../worker/index.js';\n"],
  ['client-packages', 'client/b.ts', "export { Worker } from '@temporalio/worker';\n"],
  ['cli-loads-lazily', 'cli/a.ts', "export { work } from '../worker/index.js';\n"],
  ['cli-imports-only', 'cli/b.ts', "export * from '../workflows/a.js';\n"],
  ['worker-imports-only', 'worker/a.ts', "export { test } from '../test/helper.js';\n"],
  ['axios-in-one-room', 'activities/a.ts', "export { AxiosError } from 'axios';\n"],
  ['set-up-before-packages', 'scripts/set-up/a.mjs', "export { z } from 'zod';\n"],
  ['resolvable', 'worker/b.ts', "export * from './nowhere.js';\n"],
];

test('each forbidden import is caught under the name of its rule', async (t) => {
  const project = tempProject(t, 'linked');
  for (const [path, text] of Object.entries(INNOCENT)) project.write(path, text);
  project.write('test/helper.ts', 'export const test = 1;\n');
  for (const [, path, text] of FORBIDDEN) project.write(path, text);
  const { status, stdout } = await project.run('check-arrows.mjs');
  assert.notEqual(status, 0);
  const missed = FORBIDDEN.filter(([rule, path]) => !stdout.includes(`error ${rule}: ${path}`));
  assert.deepEqual(missed, [], stdout);
});
