import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAST_LINES = 15;
const TERM_MS = 12_000;

/** A process that the demo started. In a group of its own: Ctrl-C reaches the demo alone, which ends them in order. */
export interface Child {
  readonly name: string;
  /** The first line on stdout that is JSON; rejects where the process ends before it. */
  readonly ready: Promise<Record<string, unknown>>;
  /** Rejects when the process ends before it was told to; never resolves. */
  readonly died: Promise<never>;
  /** SIGTERM, then SIGKILL after a time. */
  stop(): Promise<void>;
}

/** A part of the demo ended early. Exit 1. */
export class ChildDiedError extends Error {
  override readonly name = 'ChildDiedError';
  readonly code = 'DemoFailed';
  readonly expected = 'A process that runs until the demo ends.';
  readonly next = 'Settle what its last lines say, then run the demo again; nothing of it is left.';

  constructor(child: string, how: string, lines: readonly string[]) {
    super([`The ${child} of the demo ended early (${how}). Its last lines:`, ...lines].join('\n    '));
  }
}

export function startChild(
  name: string,
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Child {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lines: string[] = [];
  let stopping = false;
  const keep = (line: string): void => {
    lines.push(line);
    if (lines.length > LAST_LINES) lines.shift();
  };
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // `close` and not `exit`: only then are its last lines read.
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const died = exited.then((how): Promise<never> => {
    if (stopping) return new Promise(() => undefined);
    throw new ChildDiedError(name, how, lines);
  });
  died.catch(() => undefined);
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    died.catch(reject);
    eachLine(child.stdout, (line) => {
      keep(line);
      const parsed = jsonObject(line);
      if (parsed !== null) resolve(parsed);
    });
  });
  ready.catch(() => undefined);
  eachLine(child.stderr, keep);
  return {
    name,
    ready,
    died,
    async stop() {
      stopping = true;
      await stopProcess(child, exited);
    },
  };
}

/** This very program, as a process of its own: built, or from source where the source runs. */
export function startVerb(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Child {
  const built = fileURLToPath(new URL('../main.js', import.meta.url));
  if (existsSync(built)) return startChild(name, process.execPath, [built, ...args], env);
  const source = fileURLToPath(new URL('../main.ts', import.meta.url));
  return startChild(name, process.execPath, ['--import', 'tsx', source, ...args], env);
}

async function stopProcess(child: ChildProcess, exited: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), TERM_MS);
  await exited;
  clearTimeout(timer);
}

function eachLine(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', take);
}

function jsonObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
