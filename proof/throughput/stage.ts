import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { hostnameOf } from '../../bench/measure/schedule.js';
import { openStage, type Stage } from '../../bench/stage/stage.js';
import { Child } from '../../test/support/child.js';
import { cleanEnv, projectRoot } from '../../test/support/worker-process.js';
import { WorkerHeap } from './worker-heap.js';

/** So short that nobody waits for it. */
const CHECKIN_S = 0.05;

/** One Temporal server, the playbook's worker with a quick simulator, and a worker of a workflow that does nothing. */
export interface ThroughputStage extends Stage {
  client: Client;
  hostnames: string[];
  bareWorker: number;
  /** Bytes that live in the heaps of the playbook's worker. */
  liveBytes(): Promise<number>;
}

export async function openThroughputStage(hosts: number): Promise<ThroughputStage> {
  const hostnames = Array.from({ length: hosts }, (_, n) => hostnameOf('quick', n));
  const heap = new WorkerHeap();
  const stage = await openStage({
    workerNode: heap,
    hosts: hostnames.map((hostname, n) => ({ hostname, checkinPhase: n / hosts })),
    checkinSeconds: CHECKIN_S,
    knobs: { commandLatencyMs: 0 },
  });
  const undo: (() => Promise<unknown>)[] = [() => stage.close()];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const main = fileURLToPath(new URL('./bare-worker.ts', import.meta.url));
    const args = ['--import', 'tsx', main, stage.address];
    const bare = new Child(process.execPath, args, cleanEnv({}), projectRoot);
    undo.push(() => bare.stop());
    await bare.line('stdout', /"ready":true/);
    const connection = await Connection.connect({ address: stage.address });
    undo.push(() => connection.close());
    return {
      ...stage,
      ...{ client: new Client({ connection }), hostnames, bareWorker: bare.pid, close },
      liveBytes: () => heap.liveBytes(stage.worker!),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
