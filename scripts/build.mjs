// Builds dist/, which mirrors the rooms: JavaScript, declarations, the data files beside them, and the workflow
// bundle. Called by set-up (ensure.mjs --build), which locks and decides whether anything changed.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, inputStamp, ROOMS, writeStamp } from './set-up/build-stamp.mjs';
import { bundleWorkflows } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const COPIED_SCRIPTS = ['temporal-binaries', 'find-secret'].flatMap((name) => [
  `scripts/${name}.mjs`,
  `scripts/${name}.d.mts`,
]);

/** What tsc does not bring along: JSON schemas, scenarios, and the finder that runs before a build. */
function dataFiles() {
  const json = ROOMS.flatMap((room) => filesBelow(root, room)).filter((path) => path.endsWith('.json'));
  return [...json, ...COPIED_SCRIPTS];
}

function compile() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = ['-p', 'tsconfig.build.json', '--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo'];
  const { status } = spawnSync(process.execPath, [tsc, ...flags], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}

/** Removes outputs whose source is gone: a renamed file must not live on in the package. */
function prune(data) {
  const kept = new Set(data.map((path) => `dist/${path}`));
  for (const path of [...ROOMS, 'scripts'].flatMap((room) => filesBelow(root, `dist/${room}`))) {
    if (kept.has(path) || path.startsWith('dist/workflows/bundle.')) continue;
    const source = path.slice('dist/'.length).replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts');
    if (!existsSync(join(root, source)) || source === path.slice('dist/'.length)) rmSync(join(root, path));
  }
}

const stamp = inputStamp(root);
const data = dataFiles();
compile();
prune(data);
for (const path of data) {
  mkdirSync(join(root, 'dist', dirname(path)), { recursive: true });
  copyFileSync(join(root, path), join(root, 'dist', path));
}
const bin = join(root, 'dist', 'cli', 'main.js');
if (existsSync(bin)) chmodSync(bin, 0o755);
await bundleWorkflows(root);
writeStamp(root, stamp);
