// Loaded before the worker's own code: writes heap snapshots of its threads when it is told to. Only its owner can look into a thread.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getHeapSnapshot } from 'node:v8';
import { keepThreads } from '../../bench/measure/live-heap.js';

const folder = process.env['PROOF_HEAP_FOLDER'] ?? '';
const threads = keepThreads();
let asked = 0;

process.on('SIGUSR2', () => void write());

async function write(): Promise<void> {
  asked += 1;
  const heaps: (() => Readable | Promise<Readable>)[] = [
    () => getHeapSnapshot(),
    ...threads.map((thread) => () => thread.getHeapSnapshot()),
  ];
  const files: string[] = [];
  for (const [n, heap] of heaps.entries()) {
    const file = join(folder, `${asked}-${n}.heapsnapshot`);
    await pipeline(await heap(), createWriteStream(file));
    files.push(file);
  }
  console.log(JSON.stringify({ heapSnapshots: asked, files }));
}
