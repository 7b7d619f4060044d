// npm test [-- PATH-PART… [--node-flag…]]: every test file under test/, two at a time.
// A word picks the files whose path holds it; what begins with a dash goes to node (--test-name-pattern=…).
// Fails when a test failed, and when none ran.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const folder = mkdtempSync(join(tmpdir(), 'cb-playbook-test-'));
const tally = join(folder, 'ran');
const { status, signal } = spawnSync(
  process.execPath,
  [
    '--import=tsx',
    '--test',
    '--test-concurrency=2',
    '--test-timeout=180000',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'scripts', 'test-tally.mjs')}`,
    `--test-reporter-destination=${tally}`,
    ...flags,
    ...files,
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
const ran = Number(readFileSync(tally, { encoding: 'utf8', flag: 'a+' }));
rmSync(folder, { recursive: true, force: true });
if (status === 0 && ran === 0) process.stderr.write('No test ran.\n');
process.exitCode = signal || ran === 0 ? 1 : (status ?? 1);
