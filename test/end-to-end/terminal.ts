import { spawnSync } from 'node:child_process';
import { Child } from '../support/child.js';
import { cleanEnv, projectRoot } from '../support/worker-process.js';
import { commandLine } from './cli.js';

/** Runs a program on a terminal of its own, of the usual size, and prints what it draws there. */
const TERMINAL = `
import os, pty, sys
sized = ['sh', '-c', 'stty cols 120 rows 40; exec "$@"', 'sh']
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sized + sys.argv[1:])))
`;

/** What a test is skipped for, or `false`. */
export const noTerminal =
  spawnSync('python3', ['-c', 'import os, pty; os.waitstatus_to_exitcode']).status === 0
    ? false
    : 'needs Python 3.9 for a terminal';

// eslint-disable-next-line no-control-regex -- what moves the cursor and colours the text
const MOVES = /\u001B\[[0-9;?]*[A-Za-z]/g;

/** Runs `cb-playbook` on a terminal. `moves`: how often it moved the cursor or changed a colour, which is not in `drawn`. */
export async function onATerminal(args: readonly string[], env: NodeJS.ProcessEnv) {
  const vars = cleanEnv({ ...env, TERM: 'xterm-256color' });
  const child = new Child('python3', ['-c', TERMINAL, ...commandLine(args)], vars, projectRoot);
  const { code } = await child.exited;
  const drawn = child.stdout.replace(MOVES, '');
  return { code, drawn, moves: child.stdout.match(MOVES)?.length ?? 0 };
}
