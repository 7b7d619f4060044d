import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { compile } from './compile.mjs';

/** Where the compiled tests lie: inside the project, so that they find its packages. */
const FOLDER = 'dist-test';
/** Files of one folder that share a process: loading Temporal's SDK costs each process more than half a second. */
const IN_ONE_PROCESS = { slow: 12, quick: 50 };
/** Files that spend their time waiting for commands: all in one process would be what everybody waits for. */
const FEWER = { 'test/end-to-end': 6 };
/** Folders that are run by themselves, and not by `npm test`: they have both cores. */
const BY_ITSELF = { 'proof/crashes': 2, 'test/checks': 3, 'test/package': 1 };
/** Folders whose tests take longest: they must not be what everybody waits for at the end. */
const FIRST = {
  waits: ['test/chaos', 'test/end-to-end', 'test/set-up', 'test/worker'],
  computes: ['test/leases', 'test/workflows', 'test/contract', 'test/selftest'],
};
/** How a test file says that it needs a process of its own; the rest of the line says why. */
const ALONE = /^\/\/ Alone in its process: /;

/**
 * Compiles test files and what they import of this project, all at once, and says what to run: each `path` is a process,
 * with one or several test `files` as suites, one after the other, the tests of each no longer than `mostMs` (its hooks not counted).
 */
export async function compileTests(root, files, mostMs) {
  const folder = join(root, FOLDER);
  await rm(folder, { recursive: true, force: true });
  const groups = groupsOf(root, files);
  await compile({
    root,
    entryPoints: groups.map(({ name }) => ({ out: name, in: `group:${name}` })),
    folder,
    plugins: [suites(root, new Map(groups.map(({ name, files }) => [name, files])), mostMs)],
  });
  return groups.map(({ name, files }) => ({ path: join(folder, `${name}.mjs`), files }));
}

/**
 * Groups of files, folder by folder; neighbours are dealt to different groups, for what is alike takes alike long. Node runs
 * them in the order of their names: those that mostly wait in turn with those that compute.
 */
function groupsOf(root, files) {
  const alone = files.filter((file) => ALONE.test(readFileSync(join(root, file), 'utf8')));
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const late = folders.filter((folder) => !Object.values(FIRST).flat().includes(folder));
  const dealt = (folder, most) => {
    const members = files.filter((file) => dirname(file) === folder && !alone.includes(file));
    const count = Math.ceil(members.length / most);
    return Array.from({ length: count }, (_, n) => members.filter((_, i) => i % count === n));
  };
  const waits = FIRST.waits.flatMap((folder) => dealt(folder, FEWER[folder] ?? IN_ONE_PROCESS.slow));
  const computes = FIRST.computes.flatMap((folder) => dealt(folder, IN_ONE_PROCESS.slow));
  const inTurn = waits.flatMap((group, i) => [group, ...computes.slice(i, i + 1)]);
  const groups = [
    ...alone.map((file) => [file]),
    ...inTurn,
    ...computes.slice(waits.length),
    ...late.flatMap((folder) => dealt(folder, BY_ITSELF[folder] ?? IN_ONE_PROCESS.quick)),
  ];
  return groups.map((files, n) => ({ name: `${n + 100}-${basename(dirname(files[0]))}`, files }));
}

/** A group is a module that makes each of its files a suite, so that a file's hooks stay the file's. */
const suites = (root, groups, mostMs) => ({
  name: 'suites',
  setup(build) {
    build.onResolve({ filter: /^group:/ }, ({ path }) => ({
      path: path.slice('group:'.length),
      namespace: 'group',
    }));
    build.onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
      contents: [
        "import { describe } from 'node:test';",
        "import { worksAtTheEnd } from './scripts/at-the-end.mjs';",
        'worksAtTheEnd();',
        ...groups
          .get(path)
          .map((file) => `describe('${file}', { timeout: ${mostMs} }, () => void require('./${file}'));`),
      ].join('\n'),
      loader: 'js',
      resolveDir: root,
    }));
  },
});
