import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { containmentId, TASK_QUEUES, WORKFLOW_TYPES, type ContainRequest } from '../../contract/index.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { playbookBundle } from '../../testing/index.js';
import type { Child } from '../../test/support/child.js';
import type { Host } from '../../test/chaos/fleet.js';
import { spawnWorker } from '../../test/support/worker-process.js';

/** Longest that a worker may take to start, ms. */
const START_MS = 60_000;

export interface WorkerOptions {
  /** Other addresses than the true ones: those of a line that can be cut. */
  temporalAddress?: string;
  cbUrl?: string;
  slots?: number;
  /** Default: that of this very code. */
  bundle?: string;
  env?: NodeJS.ProcessEnv;
}

/** A simulator and a namespace of its own on a Temporal server, so that several attacks run side by side. */
export interface House {
  simulator: Simulator;
  client: Client;
  /** Waits until it polls. */
  worker(o?: WorkerOptions): Promise<Child>;
  contain(host: Host, more?: Partial<ContainRequest>): Promise<WorkflowHandle>;
  /** Takes place at the end, last come first served. */
  atTheEnd(step: () => unknown): void;
  close(): Promise<void>;
}

export interface HouseOptions extends SimulatorOptions {
  temporalAddress: string;
  namespace?: string;
}

export async function openHouse(o: HouseOptions): Promise<House> {
  const { temporalAddress, namespace = 'default', ...rest } = o;
  const undo: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const simulator = await startSimulator({ checkinSeconds: 1, log: () => undefined, ...rest });
    undo.push(() => simulator.close());
    const connection = await Connection.connect({ address: temporalAddress });
    undo.push(() => connection.close());
    const client = new Client({ connection, namespace });
    return {
      simulator,
      client,
      worker: async (w = {}) => {
        const bundle = w.bundle ?? (await playbookBundle());
        return await inTurn(async () => {
          const child = spawnWorker({
            simulator: { url: w.cbUrl ?? simulator.url, token: simulator.token },
            temporalAddress: w.temporalAddress ?? temporalAddress,
            namespace,
            slots: w.slots,
            bundle,
            // All workers of a house are of one server, whichever way they reach it.
            env: { CB_SERVER_NAME: 'house', ...w.env },
          });
          undo.push(() => (child.isRunning ? child.kill() : undefined));
          await child.line('stdout', /"ready":true/, { timeoutMs: START_MS });
          return child;
        });
      },
      contain: (host, more) => startRun(client, host, more),
      atTheEnd: (step) => void undo.push(step),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A worker loads for seconds; a dozen at once keep each other from it. */
const AT_ONCE = 2;
const turns: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
let next = 0;

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const place = next++ % AT_ONCE;
  const mine = (turns[place] ?? Promise.resolve()).then(work);
  turns[place] = mine.catch(() => undefined);
  return await mine;
}

/** A plain start of `containEndpoint` for both instances of the host. */
export function startRun(
  client: Client,
  host: Host,
  more?: Partial<ContainRequest>,
): Promise<WorkflowHandle> {
  const request: ContainRequest = { hostname: host.hostname, processName: 'evil.exe', ...more };
  return client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
    taskQueue: TASK_QUEUES.main,
    workflowId: containmentId(request),
    args: [request],
  });
}

/** A new namespace, usable when this resolves. */
export async function addNamespace(temporalAddress: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
  } finally {
    await connection.close();
  }
}

const PRELOAD = `--import ${fileURLToPath(new URL('shifted-clock.mjs', import.meta.url))}`;

/** The environment of a worker whose clock goes by a file, from SIGWINCH on. */
export function clockOf(file: string): NodeJS.ProcessEnv {
  return { CB_PROOF_CLOCK: file, NODE_OPTIONS: PRELOAD };
}

/** The environment of a worker whose clock stands still while the process is stopped. */
export const STANDING_CLOCK: NodeJS.ProcessEnv = { CB_PROOF_CLOCK_STANDS: '1', NODE_OPTIONS: PRELOAD };
