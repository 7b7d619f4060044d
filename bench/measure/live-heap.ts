import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';

/** Every thread that is started from now on: the SDK gives no way to its own. */
export function keepThreads(): workerThreads.Worker[] {
  const threads: workerThreads.Worker[] = [];
  const { Worker } = workerThreads;
  workerThreads.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      threads.push(this);
      this.once('exit', () => threads.splice(threads.indexOf(this), 1));
    }
  };
  syncBuiltinESMExports();
  return threads;
}

interface Snapshot {
  snapshot: { meta: { node_fields: string[] } };
  nodes: number[];
}

/** Live objects of these threads, bytes: taking a snapshot collects garbage first. */
export async function liveBytes(threads: readonly workerThreads.Worker[]): Promise<number> {
  if (threads.length === 0) throw new Error('The SDK runs workflows in no thread of its own any more.');
  let bytes = 0;
  for (const thread of threads) {
    const chunks: Buffer[] = [];
    for await (const chunk of await thread.getHeapSnapshot()) chunks.push(chunk as Buffer);
    bytes += bytesIn(Buffer.concat(chunks).toString());
  }
  return bytes;
}

/** The objects of a heap snapshot, bytes. */
export function bytesIn(heapSnapshot: string): number {
  const { snapshot, nodes } = JSON.parse(heapSnapshot) as Snapshot;
  const fields = snapshot.meta.node_fields;
  let bytes = 0;
  for (let i = fields.indexOf('self_size'); i < nodes.length; i += fields.length) bytes += nodes[i]!;
  return bytes;
}
