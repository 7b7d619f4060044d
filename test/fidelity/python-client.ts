/** The vendor's Python client in a virtual environment of the project's own, made when it is first needed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const requirements = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const folder = join(root, '.temporal', 'cbapi-venv');

export type PythonClient = { python: string } | { missing: string };

/** The interpreter that can import cbapi, or why there is none. */
export function pythonClient(): PythonClient {
  const python = join(folder, 'bin', 'python');
  const stamp = join(folder, 'installed');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === wanted &&
    run(python, ['-c', 'import cbapi']) === null
  ) {
    return { python };
  }
  rmSync(folder, { recursive: true, force: true });
  const failed =
    run('python3', ['-m', 'venv', folder]) ??
    run(python, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '-r',
      requirements,
    ]) ??
    run(python, ['-c', 'import cbapi']);
  if (failed !== null) return { missing: failed };
  writeFileSync(stamp, wanted);
  return { python };
}

/** Null when the command succeeded, otherwise what is wrong in one line. */
function run(command: string, args: string[]): string | null {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 });
  if (result.error) return `${command}: ${result.error.message}`;
  if (result.status === 0) return null;
  const said = `${result.stderr}\n${result.stdout}`.trim().split('\n').at(-1);
  return `${command} ${args.slice(0, 3).join(' ')} failed: ${said}`;
}
