import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Session } from '../../client/session.js';
import { freePort, startDevServer } from '../../testing/dev-server.js';
import { emptyFolder } from '../../test/support/folders.js';
import { cleanEnv } from '../../test/support/worker-process.js';
import { BenchSimulator } from '../stage/simulator.js';
import { cli } from '../stage/stage.js';

export const CHECKIN_S = 30;

/** A fleet, Temporal and one worker, each a process of its own, and their process ids. */
export interface LeaseStage {
  simulator: BenchSimulator;
  session: Session;
  pids: { worker: number; temporal: number; simulator: number };
  /** Leases in the worker's cache now, by its own metric. */
  cached(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Sensors without processes that check in every 30 s, spread over the interval; the worker has its metrics on. The SDK
 * sizes the worker's cache by the heap that it may have: `null` leaves it as Node has it.
 */
export async function openLeaseStage(n: number, heapMiB: number | null): Promise<LeaseStage> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const server = await startDevServer({ dbFilename: join(emptyFolder(), 'temporal.db') });
    undo.push(() => server.stop());
    const scenario = { name: 'leases', sensors: [], fillerSensors: n };
    const simulator = await BenchSimulator.start({ scenario, checkinSeconds: CHECKIN_S });
    undo.push(() => simulator.stop());
    const env = cleanEnv({
      CBAPI_URL: simulator.url,
      CBAPI_TOKEN: simulator.token,
      TEMPORAL_ADDRESS: server.address,
      CB_PLAYBOOK_LOG_LEVEL: 'error',
      ...(heapMiB === null ? {} : { NODE_OPTIONS: `--max-old-space-size=${heapMiB}` }),
    });
    const metricsPort = await freePort();
    const worker = cli(['worker', '--metrics-port', String(metricsPort)], env);
    undo.push(() => worker.stop());
    await worker.line('stdout', /"ready":true/, { timeoutMs: 60_000 });
    const connection = await Connection.connect({ address: server.address });
    undo.push(() => connection.close());
    return {
      simulator,
      session: {
        client: new Client({ connection }),
        namespace: 'default',
        address: server.address,
        webBase: null,
      },
      pids: { worker: worker.pid, temporal: server.pid, simulator: simulator.pid },
      cached: () => cacheSize(metricsPort),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function cacheSize(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const sizes = [...text.matchAll(/^temporal_sticky_cache_size\{[^}]*\} (\d+)/gm)].map((m) => Number(m[1]));
  if (sizes.length === 0) throw new Error('The worker has no metric temporal_sticky_cache_size.');
  return sizes.reduce((sum, size) => sum + size, 0);
}
