// Loaded before the worker's own code: writes heap snapshots of its threads when it is told to. Only its owner can look into a
// thread. Plain JavaScript, for each of these threads loads it as well.
import { createWriteStream } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { getHeapSnapshot } from 'node:v8';
import workerThreads from 'node:worker_threads';

const folder = process.env.PROOF_HEAP_FOLDER ?? '';
const threads = new Set();
let asked = 0;

if (workerThreads.isMainThread) {
  const { Worker } = workerThreads;
  workerThreads.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      threads.add(this);
      this.once('exit', () => threads.delete(this));
    }
  };
  syncBuiltinESMExports();
  // The SDK shuts down at SIGUSR2.
  process.on('SIGWINCH', () => void write());
}

async function write() {
  asked += 1;
  const heaps = [() => getHeapSnapshot(), ...[...threads].map((thread) => () => thread.getHeapSnapshot())];
  const files = [];
  for (const [n, heap] of heaps.entries()) {
    const file = join(folder, `${asked}-${n}.heapsnapshot`);
    await pipeline(await heap(), createWriteStream(file));
    files.push(file);
  }
  console.log(JSON.stringify({ heapSnapshots: asked, files }));
}
