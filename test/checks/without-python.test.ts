import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempProject } from './temp-project.js';
import { projectRoot } from '../support/worker-process.js';

const OTHER = "import { test } from 'node:test';\ntest('another one holds', () => {});\n";

test("without Python the test of the vendor's client is skipped in one line that says why; in CI it fails", async (t) => {
  const project = tempProject(t, 'linked');
  for (const folder of ['simulator', 'test/fidelity'])
    cpSync(join(projectRoot, folder), join(project.folder, folder), { recursive: true });
  project.write('test/fidelity/other.test.ts', OTHER);
  const run = (CI: string | undefined) =>
    project.run('test.mjs', ['fidelity/cbapi', 'fidelity/other'], { CI, PATH: project.folder });

  const here = await run(undefined);
  assert.equal(here.status, 0, here.stdout + here.stderr);
  const lines = here.stdout.split('\n').filter((line) => /skip|python|vendor/i.test(line));
  assert.equal(lines.length, 2, here.stdout);
  assert.match(
    lines[0] ?? '',
    /The vendor's own client does the blog's playbook\..* # needs Python 3 with venv and pip: python3: .*ENOENT/,
  );
  assert.match(lines[1] ?? '', /skipped 1$/);
  assert.equal(here.stderr, '');

  const ci = await run('true');
  assert.equal(ci.status, 1, ci.stdout);
  assert.match(
    ci.stdout,
    /✖ The vendor's own client does the blog's playbook\.[^]*needs Python 3 with venv and pip/,
  );
  assert.match(ci.stdout, /pass 1\n[^]*fail 1\n/);
});
