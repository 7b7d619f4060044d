/**
 * Keeps the workflow bundle of this version, as `npm run build` has made it, in proof/upgrade/bundles/ (docs/upgrades.md):
 * node --import tsx proof/upgrade/keep.ts [--release]. With --release this version's histories and bundle stay for ever.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { PLAYBOOK_VERSION } from '../../contract/index.js';
import { isBuilt } from '../../scripts/set-up/build-stamp.mjs';
import {
  bundleFile,
  differences,
  readManifest,
  sumOf,
  unreleased,
  writeManifest,
} from '../../test/replay/manifest.js';
import { projectRoot } from '../../test/support/worker-process.js';

const { values } = parseArgs({ options: { release: { type: 'boolean', default: false } } });
if (!isBuilt(projectRoot)) throw new Error('dist/ is not built from these sources: npm run build first.');

const sdk = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
const manifest = readManifest();
const kept = unreleased(manifest, PLAYBOOK_VERSION, sdk.version);
const file = bundleFile(PLAYBOOK_VERSION);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(
  file,
  gzipSync(readFileSync(join(projectRoot, 'dist', 'workflows', 'bundle.js')), { level: 9 }),
);
const entry = { ...kept, sdk: sdk.version, bundle: sumOf(file) };
const next = { ...manifest, [PLAYBOOK_VERSION]: entry };
if (values.release) {
  const wrong = differences(next);
  if (Object.keys(entry.histories).length === 0) wrong.push('No history of it was recorded.');
  if (wrong.length > 0) throw new Error(`${PLAYBOOK_VERSION} is not released:\n${wrong.join('\n')}`);
  entry.released = new Date().toISOString().slice(0, 10);
}
writeManifest(next);
console.log(`${file}: ${entry.bundle}${values.release ? `, released ${entry.released}` : ''}`);
