import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from './set-up/build-stamp.mjs';
import { tail } from './set-up/say.mjs';

const BUNDLE = 'dist/workflows/bundle.js';
const INTERCEPTORS = 'dist/workflows/steady-time.js';
const STAMP = 'dist/workflows/bundle.stamp';

const SHARED = ['@temporalio/workflow', '@temporalio/common'];
/**
 * Shared by all cached workflows instead of loaded for each: a lease that is held for months sits in that cache, and
 * half of its memory would be functions. Hence no module of theirs may keep state (eslint.config.js sees to it).
 */
const sharedFiles = (root) => [
  'dist/contract/index.js',
  ...filesBelow(root, 'dist/workflows').filter(
    (path) => path.endsWith('.js') && !path.endsWith('/index.js') && path !== BUNDLE,
  ),
];

/** A bundle is good only for the SDK it was made with, and as this file makes it: both are part of the digest. */
function bundleInputs(root) {
  const require = createRequire(import.meta.url);
  const digest = createHash('sha256').update(require('@temporalio/worker/package.json').version);
  digest.update(readFileSync(fileURLToPath(import.meta.url)));
  digest.update([...SHARED, ...sharedFiles(root), INTERCEPTORS].join(' '));
  const compiled = ['dist/workflows', 'dist/contract'].flatMap((folder) => filesBelow(root, folder));
  for (const path of compiled.filter((file) => file.endsWith('.js') && file !== BUNDLE)) {
    digest.update(`\n${path}\0`).update(readFileSync(join(root, path)));
  }
  return digest.digest('hex');
}

/**
 * The bundle's source map names its sources from the project's folder: no path of this machine in the package. Their
 * texts, which a stack trace does not need, would be a megabyte that each worker reads before it polls.
 */
function withRelativeSources(code, root) {
  const mark = 'sourceMappingURL=data:application/json;charset=utf-8;base64,';
  const at = code.lastIndexOf(mark) + mark.length;
  if (at < mark.length) throw new Error('The bundler wrote no inline source map.');
  const map = JSON.parse(Buffer.from(code.slice(at).trim(), 'base64').toString('utf8'));
  map.sources = map.sources.map((source) =>
    source.startsWith(root) ? source.slice(root.length + 1) : source,
  );
  delete map.sourcesContent;
  return code.slice(0, at) + Buffer.from(JSON.stringify(map)).toString('base64') + '\n';
}

/** Bundles dist/workflows for production workers (dist/workflows/bundle.js), unless the bundle is up to date. */
export async function bundleWorkflows(root) {
  const entry = join(root, 'dist', 'workflows', 'index.js');
  if (!existsSync(entry)) return;
  const inputs = bundleInputs(root);
  const [bundleFile, stampFile] = [join(root, BUNDLE), join(root, STAMP)];
  if (existsSync(bundleFile) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === inputs) return;
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const shared = sharedFiles(root)
    .map((path) => join(root, path))
    .filter((path) => existsSync(path));
  const log = [];
  const note = (message) => log.push(String(message));
  const logger = { log: note, trace: note, debug: note, info: note, warn: note, error: note };
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: entry,
      workflowInterceptorModules: [join(root, INTERCEPTORS)].filter((path) => existsSync(path)),
      logger,
      preloadModules: [...SHARED, ...shared],
    });
    writeFileSync(bundleFile, withRelativeSources(code, root));
    writeFileSync(stampFile, inputs);
  } catch (error) {
    throw new Error(`The workflows could not be bundled:\n${error.message}\n${tail(log.join('\n'), 30)}`);
  }
}
