import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { tempProject } from './temp-project.js';

test('a tracked file that names a folder of the machine is found, paths of hosts are not', async (t) => {
  const project = tempProject(t, 'none');
  const machine = ['', 'work', 'main', 'x.ts'].join('/');
  project.write('a.md', `one\nsee ${machine}\n`);
  project.write('b.md', 'a process at /tmp/evil and /home/user/evil\n');
  execFileSync('git', ['init', '--quiet'], { cwd: project.folder });
  execFileSync('git', ['add', '--all'], { cwd: project.folder });
  const { status, stderr } = await project.run('check-paths.mjs');
  assert.equal(status, 1);
  assert.equal(stderr, `a.md:2 names a path of a machine: ${machine.slice(0, -'/x.ts'.length)}\n`);
});
