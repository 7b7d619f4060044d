import { join } from 'node:path';
import { isBuilt } from '../../scripts/set-up/build-stamp.mjs';
import { Child } from '../support/child.js';
import { cleanEnv, projectRoot, QUICK_NODE } from '../support/worker-process.js';

/** The built program where the build is of these very sources (`npm test` sees to it), else the sources. */
export const built = isBuilt(projectRoot);
const ENTRY = built
  ? [join(projectRoot, 'dist', 'cli', 'main.js')]
  : ['--import', 'tsx', join(projectRoot, 'cli', 'main.ts')];

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliError {
  error: {
    code: string;
    message: string;
    expected: string | null;
    next: string | null;
    [more: string]: unknown;
  };
}

/** Starts `cb-playbook` as a person would, with nothing of the caller's own settings. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  const [program, ...rest] = commandLine(args);
  return new Child(program, rest, cleanEnv(env), projectRoot);
}

/** The program and what it is given. */
export function commandLine(args: readonly string[]): [program: string, ...rest: string[]] {
  return [process.execPath, ...QUICK_NODE, ...ENTRY, ...args];
}

/** Runs `cb-playbook` to its end. */
export async function cli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = startCli(args, env);
  const { code } = await child.exited;
  return { code, stdout: child.stdout, stderr: child.stderr };
}

/** The one JSON document on stdout; fails where there is more than that. */
export function documentOf<T>(ran: Ran): T {
  return JSON.parse(ran.stdout) as T;
}
