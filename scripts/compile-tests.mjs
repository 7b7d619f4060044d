import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Where the compiled tests lie: inside the project, so that they find its packages. */
const FOLDER = 'dist-test';

/**
 * Compiles test files and what they import of this project, all at once, and says where they are. Read one by one through
 * a loader they cost half a second of each process; there are more than a hundred.
 */
export async function compileTests(root, files) {
  const folder = join(root, FOLDER);
  await rm(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: files,
    outdir: folder,
    outbase: root,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'linked',
    logLevel: 'error',
    plugins: [inTheirPlace],
  });
  return files.map((file) => join(folder, file.replace(/\.ts$/, '.mjs')));
}

/** Compiled code still finds what lies beside its source, and imports the plain scripts from where they are. */
const inTheirPlace = {
  name: 'in-their-place',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents, loader: 'ts' };
    });
    build.onResolve({ filter: /^\..*\.mjs$/ }, ({ path, importer }) => ({
      path: new URL(path, pathToFileURL(importer)).href,
      external: true,
    }));
  },
};
