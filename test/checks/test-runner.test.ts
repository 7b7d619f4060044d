import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CANARY } from '../../scripts/find-secret.mjs';
import { tempProject } from './temp-project.js';

const NODE = Number(process.versions.node.split('.')[0]);
const PASSING = "import { test } from 'node:test';\ntest('it holds', () => {});\n";
const FAILING = "import { test } from 'node:test';\ntest('it breaks', () => { throw new Error('no'); });\n";

test("all test files run and node's own closing lines come last", async (t) => {
  const project = tempProject(t, 'linked');
  project.write('test/unit/a.test.ts', PASSING);
  project.write('test/b.test.ts', PASSING);
  project.write('test/unit/helper.ts', 'throw new Error("a helper is no test");\n');
  const { status, stdout } = await project.run('test.mjs');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /tests 2\n[^]*pass 2\n[^]*duration_ms [\d.]+\n$/);
});

test('words choose files by their path; a failed test fails the run', async (t) => {
  const project = tempProject(t, 'linked');
  project.write('test/unit/good.test.ts', PASSING);
  project.write('test/unit/bad.test.ts', FAILING);
  assert.equal((await project.run('test.mjs', ['good'])).status, 0);
  assert.equal((await project.run('test.mjs', ['unit'])).status, 1);
});

test('a run in which no test ran fails', async (t) => {
  const project = tempProject(t, 'linked');
  project.write('test/empty.test.ts', 'export {};\n');
  const unmatched = await project.run('test.mjs', ['nothing-like-it']);
  assert.equal(unmatched.status, 1);
  assert.match(unmatched.stderr, /No test file under test\/ has nothing-like-it in its path/);
  const empty = await project.run('test.mjs');
  assert.equal(empty.status, 1, empty.stdout);
  assert.match(empty.stderr, /No test ran/);
});

test('a process that outlives its test ends with the run, and fails it', async (t) => {
  const project = tempProject(t, 'linked');
  project.write(
    'test/leaves.test.ts',
    `import { test } from 'node:test';
import { spawn } from 'node:child_process';
test('it holds', () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { stdio: 'inherit' });
  child.unref();
  console.log('left behind: ' + child.pid);
});
`,
  );
  const { status, stdout, stderr } = await project.run('test.mjs', ['--test-timeout=3000']);
  assert.equal(status, 1, stdout);
  assert.match(stderr, /All tests are done, and a process of theirs was still running/);
  const pid = Number(/left behind: (\d+)/.exec(stdout)?.[1]);
  assert.ok(pid > 0);
  // Whoever inherited it reaps it in its own time.
  for (let k = 0; k < 200 && isThere(pid); k += 1) await sleep(50);
  assert.ok(!isThere(pid), `process ${pid} is gone`);
});

test('a file that stands still and fails besides is a failure, and is not run again', async (t) => {
  const project = tempProject(t, 'linked');
  project.write(
    'test/both.test.ts',
    FAILING + "test('it stands', () => new Promise((done) => setTimeout(done, 600_000)));\n",
  );
  const { status, stdout, stderr } = await project.run('test.mjs', ['--test-timeout=4000']);
  assert.equal(status, 1, stdout);
  assert.doesNotMatch(stderr, /are run again/);
});

test('a test that waits for what nobody will do is a failure, and is not run again', async (t) => {
  const project = tempProject(t, 'linked');
  project.write(
    'test/waits.test.ts',
    "import { test } from 'node:test';\ntest('it waits', () => new Promise(() => {}));\n",
  );
  const { status, stdout, stderr } = await project.run('test.mjs', ['--test-timeout=4000']);
  assert.equal(status, 1, stdout);
  // Node 24 keeps the process until its time is over: then it is as one that stands still.
  if (NODE < 24) assert.doesNotMatch(stderr, /are run again/);
});

test('a file that stands still until its time is over is run once more, and told; the second time it fails', async (t) => {
  const project = tempProject(t, 'linked');
  const standing = (times: number) => `import { describe, test } from 'node:test';
import { appendFileSync, readFileSync } from 'node:fs';
describe('in a suite', () => test('it moves on', async () => {
  appendFileSync('starts', 'x');
  if (readFileSync('starts', 'utf8').length <= ${times}) await new Promise((done) => setTimeout(done, 600_000));
}));
`;
  project.write('test/stands.test.ts', standing(1));
  project.write(
    'test/stays.test.ts',
    "import { appendFileSync } from 'node:fs';\nappendFileSync('others', 'x');\n" + PASSING,
  );
  const once = await project.run('test.mjs', ['--test-timeout=8000']);
  assert.equal(once.status, 0, once.stdout);
  assert.match(
    once.stderr,
    /Stood still until their time was over, and are run again: test\/stands\.test\.ts\n/,
  );
  assert.equal(project.read('others'), 'x', 'its neighbour in the process goes on, and is not run again');
  project.write('test/stands.test.ts', standing(99));
  assert.equal((await project.run('test.mjs', ['--test-timeout=8000'])).status, 1);
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a run that prints the token of the tests fails, and says where, without it', async (t) => {
  const project = tempProject(t, 'linked');
  project.write(
    'test/prints.test.ts',
    `import { test } from 'node:test';
test('it holds', () => console.log('auth=' + btoa('user:${CANARY}')));
`,
  );
  const { status, stderr } = await project.run('test.mjs');
  assert.equal(status, 1);
  assert.match(stderr, /A simulator's token was printed \(base64 \(2\)\): …[^]*auth=/);
});

test('what a file leaves for the end of its process is done once, and fails the run when it fails', async (t) => {
  const project = tempProject(t, 'linked');
  project.write(
    'test/later.test.ts',
    `import { test } from 'node:test';
import { atTheEnd } from '../scripts/at-the-end.mjs';
test('it holds', () => atTheEnd(async () => { throw new Error('found at the end'); }));
`,
  );
  const { status, stdout } = await project.run('test.mjs');
  assert.equal(status, 1, stdout);
  // Node 20 tells it where it happens and in the summary, later ones once.
  assert.equal(stdout.split('Error: found at the end').length, NODE < 22 ? 3 : 2);
});
