import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Compiles entry points and what they import of this project into `folder`, which lies inside the project, so that they find
 * its packages: a process that is to live for seconds need not compile each of its files anew.
 */
export async function compile({ root, entryPoints, folder, plugins = [] }) {
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'linked',
    logLevel: 'error',
    plugins: [...plugins, inTheirPlace],
  });
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
    build.onResolve({ filter: /^\..*\.mjs$/ }, ({ path, resolveDir }) => ({
      path: new URL(path, pathToFileURL(`${resolveDir}/`)).href,
      external: true,
    }));
  },
};
