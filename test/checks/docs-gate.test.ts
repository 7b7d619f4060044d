import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempProject } from './temp-project.js';

test('docs that name what exists pass', async (t) => {
  const project = tempProject(t, 'none');
  project.write('docs/verdicts.md', '# The `planned` verdict\n');
  project.write(
    'README.md',
    'See [verdicts](docs/verdicts.md#the-planned-verdict), `scripts/test.mjs`, [web](https://example.org), `npm run demo`.\n',
  );
  const { status, stderr } = await project.run('check-docs.mjs');
  assert.equal(status, 0, stderr);
});

test('a dead link, a dead anchor, a path and a script that do not exist are each named', async (t) => {
  const project = tempProject(t, 'none');
  project.write('docs/a.md', '# One\n[up](../GONE.md) [here](#two) `worker/gone.ts` npm run nothing\n');
  const { status, stderr } = await project.run('check-docs.mjs');
  assert.equal(status, 1);
  assert.deepEqual(stderr.trim().split('\n'), [
    'docs/a.md links to ../GONE.md, which does not exist.',
    'docs/a.md links to #two: no such heading.',
    'docs/a.md names `worker/gone.ts`, which does not exist.',
    'docs/a.md names `npm run nothing`, which package.json does not have.',
  ]);
});
