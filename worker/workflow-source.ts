import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkerStartError } from './start-error.js';

/** What a Temporal worker takes: a bundle made beforehand, or sources that it bundles itself (about a second). */
export type WorkflowSource = { workflowBundle: { codePath: string } } | { workflowsPath: string };

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The entry of workflows/ beside this file: TypeScript in the source tree, JavaScript in dist/. */
export function workflowsEntry(): string {
  return beside(`../workflows/index${extname(fileURLToPath(import.meta.url))}`);
}

/** Interceptors of every workflow, beside this file; a bundle has them in it. */
export function workflowInterceptors(): string[] {
  return [beside(`../workflows/steady-time${extname(fileURLToPath(import.meta.url))}`)];
}

/**
 * The given bundle; else `workflows/bundle.js` beside the running code, which only a build has; else the sources.
 * Throws {@link WorkerStartError} where the given bundle is not there.
 */
export function findWorkflows(bundle?: string): WorkflowSource {
  if (bundle !== undefined) {
    if (isBundle(bundle)) return { workflowBundle: { codePath: bundle } };
    throw new WorkerStartError({
      code: 'no-such-bundle',
      message: `There is no workflow bundle at ${bundle}.`,
      expected: 'The path of a bundle made by `npm run build` with this very version of the Temporal SDK.',
      next: 'Leave --bundle out to use the one that comes with the package.',
    });
  }
  const built = beside('../workflows/bundle.js');
  return existsSync(built) ? { workflowBundle: { codePath: built } } : { workflowsPath: workflowsEntry() };
}

/** Whether a file begins as the SDK's bundles do. Another file would be run, and its first lines told in the error. */
function isBundle(file: string): boolean {
  try {
    if (!statSync(file).isFile()) return false;
    const start = Buffer.alloc(256);
    const handle = openSync(file, 'r');
    try {
      readSync(handle, start);
    } finally {
      closeSync(handle);
    }
    return start.includes('__TEMPORAL__');
  } catch {
    return false;
  }
}
