import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const COPIED = [
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  '.dependency-cruiser.cjs',
  'eslint.config.js',
  'knip.json',
];

/** How a script ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A project of its own with our scripts and none of our rooms; removed when the test ends. */
export interface TempProject {
  folder: string;
  /** Writes a file, with the folders above it. */
  write(path: string, text: string): void;
  read(path: string): string;
  /** Runs `node <script>` there, a path below scripts/ or a tool's below node_modules/. Variables set to undefined are taken out of the environment. */
  run(script: string, args?: string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
}

/** `nodeModules: 'linked'` lends it the installed packages; 'none' leaves it a fresh clone. */
export function tempProject(t: TestContext, nodeModules: 'linked' | 'none'): TempProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cb-playbook-project-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const path of COPIED) cpSync(join(root, path), join(folder, path), { recursive: true });
  if (nodeModules === 'linked') symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    run(script, args = [], env = {}) {
      return new Promise((resolve, reject) => {
        const child = spawn(
          process.execPath,
          [join(folder, script.startsWith('node_modules/') ? '' : 'scripts', script), ...args],
          {
            cwd: folder,
            // NODE_TEST_CONTEXT would make a test runner inside think that it is one of our test files.
            env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
          },
        );
        const ended: Ended = { status: null, stdout: '', stderr: '' };
        child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
        child.on('error', reject);
        child.on('close', (status) => resolve({ ...ended, status }));
      });
    },
  };
}
