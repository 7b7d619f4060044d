import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { requireTemporalBinary } from '../scripts/temporal-binaries.mjs';

export interface DevServerOptions {
  /** A free one by default. */
  port?: number;
  /** SQLite file; in memory by default. */
  dbFilename?: string;
  /** How long to wait until it answers, ms; default 20000. */
  patienceMs?: number;
  /** Namespaces beside `default`. */
  namespaces?: string[];
  /** True: this process does not stay for it, and takes it along when it ends. */
  background?: boolean;
}

export interface DevServer {
  address: string;
  port: number;
  pid: number;
  /** SIGTERM, then SIGKILL after 5 s. */
  stop(): Promise<void>;
  /** SIGKILL: a crash. */
  kill(): Promise<void>;
}

/** Without these every step waits 50 ms and every timer under a second takes a whole one (tried on CLI 1.9.1). */
const QUICK = [
  '--dynamic-config-value',
  'history.transferProcessorMaxPollRPS=2000',
  '--dynamic-config-value',
  'history.timerProcessorMaxTimeShift="5ms"',
  // Retries of slow facts come when they are due, and not twenty a second.
  '--dynamic-config-value',
  'history.timerProcessorMaxPollRPS=2000',
];

/** It takes ports for its inner services too, and whoever was quicker may have one of them by then. */
const STARTS = 3;

/**
 * A Temporal dev server as a process of its own, ready when this resolves. The SDK's own starter gives up after five
 * seconds, which a busy machine may need, and cannot crash it on purpose.
 */
export async function startDevServer(o: DevServerOptions = {}): Promise<DevServer> {
  for (let start = 1; ; start += 1) {
    try {
      return await startOnce(o);
    } catch (error) {
      if (!(error instanceof EndedEarly) || start === STARTS) throw error;
    }
  }
}

class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
}

async function startOnce(o: DevServerOptions): Promise<DevServer> {
  const port = o.port ?? (await freePort());
  const file = o.dbFilename ? ['--db-filename', o.dbFilename, '--sqlite-pragma', 'journal_mode=WAL'] : [];
  const namespaces = (o.namespaces ?? []).flatMap((name) => ['--namespace', name]);
  const flags = ['--headless', '--port', String(port), '--log-level', 'error', ...namespaces, ...QUICK];
  const child = spawn(requireTemporalBinary('cli'), ['server', 'start-dev', ...flags, ...file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lastWords = tailOf(child);
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.on('exit', killAtExit);
  const address = `127.0.0.1:${port}`;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    process.off('exit', killAtExit);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(force);
  };
  try {
    await untilAnswering(address, child, o.patienceMs ?? 20_000);
  } catch (error) {
    const early = child.exitCode !== null;
    await end('SIGKILL');
    const message =
      `The Temporal dev server did not start: ${(error as Error).message} ${lastWords()}`.trim();
    throw early ? new EndedEarly(message) : new Error(message, { cause: error });
  }
  if (o.background === true) {
    child.unref();
    (child.stderr as Socket | null)?.unref();
  }
  return {
    address,
    port,
    pid: child.pid as number,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

async function untilAnswering(address: string, child: ChildProcess, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}.`);
    try {
      const connection = await Connection.connect({ address, connectTimeout: 500 });
      // The port answers before the default namespace can be found.
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.close();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`no answer in ${patienceMs} ms.`, { cause: error });
      await sleep(50);
    }
  }
}

function tailOf(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-2_000);
  });
  return () => text.trim();
}

/** Below the range that systems take ports of outgoing connections from, so that none of those is given it meanwhile. */
const FIRST_PORT = 15_000;
const PORTS = 15_000;
let next = (process.pid * 61) % PORTS;

/** A TCP port that is free now, and that nobody else is likely to take before it is used. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < PORTS; tried += 1) {
    const port = FIRST_PORT + next;
    next = (next + 1) % PORTS;
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${FIRST_PORT} to ${FIRST_PORT + PORTS} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
