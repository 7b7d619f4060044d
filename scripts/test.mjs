// npm test [-- PATH-PART… [--node-flag…]]: every test file under test/, but for those of the checks and of the package, which
// `npm run verify` runs; five processes at a time: many of them wait. `--folder=test/checks`, `--folder=proof/crashes`: the files there. A word
// picks the files whose path holds it; what begins with a dash goes to node (--test-name-pattern=…). Fails when a test
// failed, and when none ran.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compileTests } from './compile-tests.mjs';
import { CANARY, secretFinder, withoutReadyLines } from './find-secret.mjs';
import { filesBelow } from './set-up/build-stamp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const FOLDER = '--folder=';
const folder =
  given
    .find((argument) => argument.startsWith(FOLDER))
    ?.slice(FOLDER.length)
    .replace(/\/+$/, '') ?? 'test';
const flags = given.filter((argument) => argument.startsWith('-') && !argument.startsWith(FOLDER));
const words = given.filter((argument) => !argument.startsWith('-'));

const BY_VERIFY = ['test/checks', 'test/package'];
const isMeant = (path) =>
  words.length > 0
    ? words.some((word) => path.includes(word))
    : BY_VERIFY.includes(folder) || !BY_VERIFY.some((part) => path.startsWith(part));
const files = filesBelow(root, folder).filter((path) => path.endsWith('.test.ts') && isMeant(path));
if (files.length === 0) {
  process.stderr.write(
    `No test file under ${folder}/ has ${words.join(' or ') || '.test.ts'} in its path.\n`,
  );
  process.exit(1);
}

// The runner has a process group of its own. It waits for whatever holds its pipes open: a server that outlives a test
// file which was ended for its time would keep it, and this command, for ever.
const LONGEST_MS = 20 * 60_000;
const GRACE_MS = 5_000;
/** A process of tests, and each file in it: more than twice what any takes on a slow machine. */
const timeout = flags.find((flag) => flag.startsWith('--test-timeout='))?.split('=')[1];
const PROCESS_MS = Number(timeout ?? 480_000);
const FILE_MS = PROCESS_MS / 4;
let runner = null;
/**
 * A sixteenth less work for processes that live for a minute: less is compiled for speed, and less often is swept up.
 * Node 22 and later end at once over the first of these: their V8 has no such option.
 */
const SHORT_LIVED = [
  ...(Number(process.versions.node.split('.')[0]) < 22 ? ['--interrupt-budget=1000000'] : []),
  '--max-semi-space-size=64',
];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    process.stderr.write(`Stopped by ${signal}.\n`);
    process.exit(1);
  });
}
process.on('exit', killGroup);

const groups = await compileTests(root, files, FILE_MS);
const first = await run(groups);
let failed = first.failed;
if (first.onlyStood) {
  // Temporal's time-skipping server now and then hands a workflow task out and forgets it (seen once in some ten whole
  // runs): nothing moves any more, and nothing in the test can tell. Such files get a second server, once.
  const again = [
    ...new Set(first.stood.flatMap((name) => groups.find(({ path }) => path === name)?.files ?? name)),
  ];
  process.stderr.write(`Stood still until their time was over, and are run again: ${again.join(', ')}\n`);
  ({ failed } = await run(await compileTests(root, again, FILE_MS)));
}
process.exit(failed ? 1 : 0);

/** Runs compiled groups, each a process of its own, and says how it went. `stood`: what was ended for its time. */
async function run(groups) {
  runner = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      ...SHORT_LIVED,
      '--test',
      '--test-concurrency=5',
      `--test-timeout=${PROCESS_MS}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${join(root, 'scripts', 'test-tally.mjs')}`,
      '--test-reporter-destination=stderr',
      ...flags,
      ...groups.map(({ path }) => path),
    ],
    {
      cwd: root,
      detached: true,
      env: { ...(process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : {}), ...process.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const leaks = [passOn(runner.stdout, process.stdout), passOn(runner.stderr, process.stderr)];
  let counts = null;
  let ended = null;
  const end = (why) => {
    ended = why;
    killGroup();
  };
  const limit = setTimeout(end, LONGEST_MS, `The tests took more than ${LONGEST_MS / 60_000} minutes.`);
  let grace;
  const endSoon = () => {
    clearTimeout(grace);
    grace = setTimeout(end, GRACE_MS, 'All tests are done, and a process of theirs was still running.');
  };
  runner.on('message', (message) => {
    if (message.through === undefined) counts = message;
    // Node 24 waits for whatever holds a pipe of a process that has done its tests, and tells nothing before.
    if (counts !== null || message.through === groups.length) endSoon();
  });
  const closed = once(runner, 'close');
  const [status] = await once(runner, 'exit');
  // Its last lines are read by then, unless a process that it left behind holds the pipe.
  await Promise.race([closed, sleep(GRACE_MS, null, { ref: false })]);
  clearTimeout(limit);
  clearTimeout(grace);
  const nothing = counts === null ? 'The test runner broke off.' : counts.ran === 0 ? 'No test ran.' : null;
  const leak = leaks.map((found) => found()).find((found) => found !== null);
  const leaked = leak ? `A simulator's token was printed (${leak.form}): …${leak.around}…` : null;
  const said = ended ?? nothing ?? leaked;
  if (said !== null) process.stderr.write(`${said}\n`);
  const { failed: failures = 0, stood = [] } = counts ?? {};
  return {
    failed: said !== null || failures > 0 || status !== 0,
    stood,
    onlyStood: said === null && failures === 0 && stood.length > 0,
  };
}

/** Prints on what comes, and looks for the tests' token in it: at the end the result says where it was, or null. */
function passOn(source, target) {
  const find = secretFinder([CANARY]);
  let found = null;
  let line = '';
  source.setEncoding('utf8').on('data', (chunk) => {
    target.write(chunk);
    line += chunk;
    const end = line.lastIndexOf('\n') + 1;
    found ??= find(withoutReadyLines(line.slice(0, end)));
    line = line.slice(end);
  });
  return () => found ?? find(withoutReadyLines(line));
}

function killGroup() {
  try {
    process.kill(-runner.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
