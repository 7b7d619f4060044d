import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { projectRoot } from '../support/worker-process.js';

const run = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

export interface Consumer {
  folder: string;
  /** The command as npm linked it. */
  bin: string;
  /** Paths in the tarball. */
  packed: string[];
  remove(): Promise<void>;
}

/** A project outside of the repository with nothing in it but the packed tarball, installed by npm. */
export async function createConsumer(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'cb-playbook-consumer-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const packed = await run(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: projectRoot,
      maxBuffer: 64 << 20,
    });
    const [{ filename, files }] = JSON.parse(packed.stdout) as [
      { filename: string; files: { path: string }[] },
    ];
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
    );
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];
    await run(npm, ['install', ...quiet, join(folder, filename)], { cwd: folder, maxBuffer: 64 << 20 });
    await cp(fileURLToPath(new URL('./consumer', import.meta.url)), folder, { recursive: true });
    // Temporal's declarations need it and do not bring it: a user who checks libraries installs it, too.
    const types = join('node_modules', '@types', 'ms');
    await cp(join(projectRoot, types), join(folder, types), { recursive: true });
    return {
      folder,
      bin: join(folder, 'node_modules', '.bin', 'cb-playbook'),
      packed: files.map(({ path }) => path),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
