#!/usr/bin/env node
// Makes a fresh clone ready. It hangs on predemo, pretest, preverify, prebench and preproof, so it runs before
// node_modules exists: Node's own modules only. When nothing is missing it looks and leaves.
//
//   node scripts/ensure.mjs [--binaries] [--build]     npm packages always
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isBuilt } from './set-up/build-stamp.mjs';
import { withLock } from './set-up/lock.mjs';
import { installPackages, packagesAreInstalled } from './set-up/packages.mjs';
import { SetUpError, say } from './set-up/say.mjs';
import { fetchBinaries, missingBinaries } from './set-up/temporal.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: wanted } = parseArgs({
  options: { binaries: { type: 'boolean' }, build: { type: 'boolean' } },
});

const steps = [
  { isDone: () => packagesAreInstalled(root), run: () => installPackages(root) },
  wanted.binaries && { isDone: () => missingBinaries(root).length === 0, run: () => fetchBinaries(root) },
  wanted.build && { isDone: () => isBuilt(root), run: build },
].filter(Boolean);

function build() {
  say('building dist/ …');
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new SetUpError('The build failed; its messages are above.');
}

try {
  if (!steps.every((step) => step.isDone())) {
    await withLock(join(root, '.temporal', 'set-up.lock'), async () => {
      for (const step of steps) if (!step.isDone()) await step.run();
    });
  }
} catch (error) {
  say(error instanceof SetUpError ? error.message : error.stack);
  process.exitCode = 1;
}
