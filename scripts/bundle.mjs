import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { filesBelow } from './set-up/build-stamp.mjs';
import { tail } from './set-up/say.mjs';

const BUNDLE = 'dist/workflows/bundle.js';
const STAMP = 'dist/workflows/bundle.stamp';

/** A bundle is good only for the SDK it was made with, so its version is part of the digest. */
function bundleInputs(root) {
  const require = createRequire(import.meta.url);
  const digest = createHash('sha256').update(require('@temporalio/worker/package.json').version);
  const compiled = ['dist/workflows', 'dist/contract'].flatMap((folder) => filesBelow(root, folder));
  for (const path of compiled.filter((file) => file.endsWith('.js') && file !== BUNDLE)) {
    digest.update(`\n${path}\0`).update(readFileSync(join(root, path)));
  }
  return digest.digest('hex');
}

/** Bundles dist/workflows for production workers (dist/workflows/bundle.js), unless the bundle is up to date. */
export async function bundleWorkflows(root) {
  const entry = join(root, 'dist', 'workflows', 'index.js');
  if (!existsSync(entry)) return;
  const inputs = bundleInputs(root);
  const [bundleFile, stampFile] = [join(root, BUNDLE), join(root, STAMP)];
  if (existsSync(bundleFile) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === inputs) return;
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const log = [];
  const note = (message) => log.push(String(message));
  const logger = { log: note, trace: note, debug: note, info: note, warn: note, error: note };
  try {
    const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger });
    writeFileSync(bundleFile, code);
    writeFileSync(stampFile, inputs);
  } catch (error) {
    throw new Error(`The workflows could not be bundled:\n${error.message}\n${tail(log.join('\n'), 30)}`);
  }
}
