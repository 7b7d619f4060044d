import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SetUpError, say, tail } from './say.mjs';

function packagesOf(lockFile) {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  return Object.entries(packages).filter(([path]) => path !== '');
}

/**
 * Is what lies in node_modules what the lock file asks for? npm keeps its own account of an install in
 * node_modules/.package-lock.json and writes it last, so an interrupted install counts as none.
 * Optional packages may be missing (they are for other platforms).
 */
export function packagesAreInstalled(root) {
  const account = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = new Map(packagesOf(join(root, 'package-lock.json')));
  const installed = new Map(packagesOf(account));
  for (const [path, { version, integrity, optional, devOptional }] of wanted) {
    const found = installed.get(path);
    if (found === undefined && !optional && !devOptional) return false;
    if (found !== undefined && (found.version !== version || found.integrity !== integrity)) return false;
  }
  return [...installed.keys()].every((path) => wanted.has(path));
}

/** `npm ci`, by the npm that runs us where there is one. */
export function installPackages(root) {
  say('installing the locked npm packages (once) …');
  const own = process.env['npm_execpath'];
  const [command, first] = own && basename(own) === 'npm-cli.js' ? [process.execPath, [own]] : ['npm', []];
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (run.status === 0) return;
  const why = run.error ? run.error.message : tail(`${run.stdout}\n${run.stderr}`);
  throw new SetUpError(`npm ci failed:\n${why}\nRun \`npm ci\` by hand in this folder to see all of it.`);
}
