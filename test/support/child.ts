import { spawn, type ChildProcess } from 'node:child_process';
import { failOnSecretIn } from './no-secret.js';
import { waitFor, type WaitOptions } from './wait-for.js';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A child process whose output is kept, and which dies with the test process. */
export class Child {
  stdout = '';
  stderr = '';
  readonly pid: number;
  readonly exited: Promise<Exit>;
  private readonly child: ChildProcess;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string) {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.pid = child.pid ?? -1;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    const killAtExit = (): void => void child.kill('SIGKILL');
    process.on('exit', killAtExit);
    // `close` and not `exit`: only then has all output been read.
    this.exited = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        failOnSecretIn(`${command} ${args.join(' ')}`, this);
        process.off('exit', killAtExit);
        resolve({ code, signal });
      });
    });
    this.exited.catch(() => undefined);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The first whole line of stdout or stderr that matches; fails at once when the process ends before. */
  line(from: 'stdout' | 'stderr', pattern: RegExp, o: WaitOptions = { timeoutMs: 30_000 }): Promise<string> {
    return waitFor(
      `${from} to say ${String(pattern)}`,
      () => {
        const found = this[from]
          .split('\n')
          .slice(0, -1)
          .find((line) => pattern.test(line));
        if (found === undefined && !this.isRunning) {
          throw new Error(
            `The process ended before ${from} said ${String(pattern)}:\n${this.stdout}\n${this.stderr}`,
          );
        }
        return found;
      },
      o,
    );
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<Exit> {
    this.signal('SIGKILL');
    return await this.exited;
  }

  /** SIGTERM, and SIGKILL when that does not end it in time. */
  async stop(patienceMs = 30_000): Promise<Exit> {
    this.signal('SIGTERM');
    const force = setTimeout(() => this.signal('SIGKILL'), patienceMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(force);
    }
  }
}
