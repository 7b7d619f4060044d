// npm test [-- PATH-PART… [--node-flag…]]: every test file under test/, three at a time: many of them wait.
// A word picks the files whose path holds it; what begins with a dash goes to node (--test-name-pattern=…).
// Fails when a test failed, and when none ran.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileTests } from './compile-tests.mjs';
import { filesBelow } from './set-up/build-stamp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('-'));
const words = given.filter((argument) => !argument.startsWith('-'));

const files = filesBelow(root, 'test').filter(
  (path) => path.endsWith('.test.ts') && (words.length === 0 || words.some((word) => path.includes(word))),
);
if (files.length === 0) {
  process.stderr.write(`No test file under test/ has ${words.join(' or ') || '.test.ts'} in its path.\n`);
  process.exit(1);
}

// The runner has a process group of its own. It waits for whatever holds its pipes open: a server that outlives a test
// file which was ended for its time would keep it, and this command, for ever.
const LONGEST_MS = 20 * 60_000;
const GRACE_MS = 5_000;

const runner = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    '--test-concurrency=4',
    '--test-timeout=300000',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'scripts', 'test-tally.mjs')}`,
    '--test-reporter-destination=stderr',
    ...flags,
    ...(await compileTests(root, files)),
  ],
  { cwd: root, detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
);

let counts = null;
let ended = null;
const endAll = (why) => {
  ended = why;
  killGroup('SIGKILL');
};
const limit = setTimeout(
  () => endAll(`The tests took more than ${LONGEST_MS / 60_000} minutes.`),
  LONGEST_MS,
);
let grace;
runner.on('message', (message) => {
  counts = message;
  grace = setTimeout(
    () => endAll('All tests are done, and a process of theirs was still running.'),
    GRACE_MS,
  );
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => endAll(`Stopped by ${signal}.`));
process.on('exit', () => killGroup('SIGKILL'));

runner.on('exit', (status) => {
  clearTimeout(limit);
  clearTimeout(grace);
  const said =
    ended ?? (counts === null ? 'The test runner broke off.' : counts.ran === 0 ? 'No test ran.' : null);
  if (said !== null) process.stderr.write(`${said}\n`);
  process.exit(said === null && counts.failed === 0 ? (status ?? 1) : 1);
});

function killGroup(signal) {
  try {
    process.kill(-runner.pid, signal);
  } catch {
    // Nobody is left in it.
  }
}
