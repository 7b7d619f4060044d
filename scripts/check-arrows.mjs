// Import arrows (.dependency-cruiser.cjs), types included. `node scripts/check-arrows.mjs [FOLDER]` checks a copy.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOMS } from './set-up/build-stamp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const checked = resolve(process.argv[2] ?? root);
const folders = [...ROOMS, 'test', 'bench', 'proof', 'scripts'].filter((folder) =>
  existsSync(join(checked, folder)),
);
const cruise = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const { status } = spawnSync(
  process.execPath,
  [cruise, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'err-long', ...folders],
  { cwd: checked, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exitCode = status ?? 1;
