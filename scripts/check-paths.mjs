// No tracked file names a folder of the machine it was written on.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
// Written in pieces, so that this file does not find itself. A host's own paths (/tmp/x, /home/user/x) are data.
const MACHINE = new RegExp(
  [
    ['', 'work', '(main|shared|\\.library)\\b'].join('/'),
    ['', 'tmp', '(bash_jobs|plan/|tmp\\.)'].join('/'),
    ['', 'root', '(?!cimv2)'].join('/'),
  ].join('|'),
);

const listed = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
if (listed.status !== 0) {
  console.error('check:paths looks at tracked files, and this is no git checkout: nothing checked.');
  process.exit(0);
}
let found = 0;
for (const file of listed.stdout.split('\0').filter(Boolean)) {
  let text;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') continue;
    throw error;
  }
  for (const [index, line] of text.split('\n').entries()) {
    const match = MACHINE.exec(line);
    if (!match) continue;
    console.error(`${file}:${index + 1} names a path of a machine: ${match[0]}`);
    found += 1;
  }
}
process.exitCode = found > 0 ? 1 : 0;
