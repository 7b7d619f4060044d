import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempProject } from './temp-project.js';

test('a file, an export and a package that nothing uses are each reported', async (t) => {
  const project = tempProject(t, 'linked');
  project.write('client/index.ts', "export { used } from './used.js';\n");
  project.write('client/used.ts', 'export const used = 1;\nexport const unused = 2;\n');
  project.write('client/orphan.ts', 'export const orphan = 3;\n');
  const { status, stdout } = await project.run('node_modules/knip/bin/knip.js', ['--no-config-hints']);
  assert.equal(status, 1);
  assert.match(stdout, /Unused files \(1\)\nclient\/orphan\.ts/);
  assert.match(stdout, /Unused exports \(1\)\nunused +client\/used\.ts/);
  assert.match(stdout, /Unused dependencies[^]*\naxios /);
});
