import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createPlaybookClient, type PlaybookClient } from '../../client/index.js';
import { startDevServer } from '../../testing/index.js';
import { Child } from '../../test/support/child.js';
import { emptyFolder } from '../../test/support/folders.js';
import { cleanEnv, projectRoot } from '../../test/support/worker-process.js';
import { BenchSimulator, type SimulatorSettings } from './simulator.js';

/** The built command line: what users run. `npm run bench` sees to it that it is of these very sources. */
const MAIN = join(projectRoot, 'dist', 'cli', 'main.js');

export interface Stage {
  simulator: BenchSimulator;
  playbook: PlaybookClient;
  /** Environment for a `cb-playbook` against this stage. */
  env: NodeJS.ProcessEnv;
  /** Of the Temporal server. */
  address: string;
  pids: { temporal: number; simulator: number; worker: number | null };
  worker: Child | null;
  close(): Promise<void>;
}

/**
 * All that a containment needs, each as a process of its own: a Temporal dev server with its database in a file (and the
 * settings that every dev server of ours gets), the simulator, and the built worker with its prebuilt bundle.
 */
export async function openStage(
  o: SimulatorSettings & {
    /** False: no worker is started. */
    worker?: boolean;
    /** What the Node that runs the worker is given besides. */
    workerNode?: { node: readonly string[]; env: NodeJS.ProcessEnv };
  },
): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const server = await startDevServer({ dbFilename: join(emptyFolder(), 'temporal.db') });
    undo.push(() => server.stop());
    const simulator = await BenchSimulator.start(o);
    undo.push(() => simulator.stop());
    const env = cleanEnv({
      CBAPI_URL: simulator.url,
      CBAPI_TOKEN: simulator.token,
      TEMPORAL_ADDRESS: server.address,
      ...(simulator.caFile === null ? {} : ownCertificate(simulator.caFile)),
    });
    const pids: Stage['pids'] = { temporal: server.pid, simulator: simulator.pid, worker: null };
    let worker: Child | null = null;
    if (o.worker !== false) {
      const started = cli(['worker'], { ...env, ...o.workerNode?.env }, o.workerNode?.node);
      worker = started;
      undo.push(() => started.stop());
      await started.line('stdout', /"ready":true/);
      pids.worker = started.pid;
    }
    const playbook = await createPlaybookClient({ env });
    undo.push(() => playbook.close());
    return { simulator, playbook, env, address: server.address, pids, worker, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function ownCertificate(file: string): NodeJS.ProcessEnv {
  return { CBAPI_SSL_CERT_FILE: file, CBAPI_SSL_VERIFY_HOSTNAME: 'false' };
}

export function cli(args: readonly string[], env: NodeJS.ProcessEnv, node: readonly string[] = []): Child {
  if (!existsSync(MAIN)) throw new Error('There is no build. Expected dist/; make it: npm run build.');
  return new Child(process.execPath, [...node, MAIN, ...args], env, projectRoot);
}
