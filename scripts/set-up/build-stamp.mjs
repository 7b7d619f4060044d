import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The rooms that are compiled into dist/ (tsconfig.build.json names the same). */
export const ROOMS = [
  'contract',
  'workflows',
  'activities',
  'cb-response',
  'worker',
  'client',
  'cli',
  'simulator',
  'testing',
];
const ALONE = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Every file below `folder`, as paths relative to `root`, in a settled order. */
export function filesBelow(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(root, path) : [path];
    })
    .sort();
}

function stampFile(root) {
  return join(root, 'dist', '.build-stamp');
}

/** A digest of all inputs by name, size and time of change: one stat a file, nothing is read. */
export function inputStamp(root) {
  const inputs = [...ALONE, ...[...ROOMS, 'scripts'].flatMap((room) => filesBelow(root, room))];
  const digest = createHash('sha256');
  for (const path of inputs) {
    const { size, mtimeMs } = statSync(join(root, path));
    digest.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return digest.digest('hex');
}

/** Was dist/ built from exactly these inputs? */
export function isBuilt(root) {
  return existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === inputStamp(root);
}

/** Notes what dist/ was built from; `stamp` is taken before the build, so that an edit during it counts. */
export function writeStamp(root, stamp) {
  writeFileSync(stampFile(root), stamp);
}
