import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesIn } from '../../bench/measure/live-heap.js';
import type { Child } from '../../test/support/child.js';
import { emptyFolder } from '../../test/support/folders.js';

const ITS_THREADS = 2;
const LONGEST_MS = 120_000;

/** Looks at what lives in the heaps of a worker process: its main thread's, and that of the thread that runs workflows. */
export class WorkerHeap {
  private asked = 0;
  private readonly folder = emptyFolder();
  /** For the worker's Node and its environment. */
  readonly node = ['--import', fileURLToPath(new URL('./heap-preload.mjs', import.meta.url))];
  readonly env = { PROOF_HEAP_FOLDER: this.folder };

  /** Bytes of live objects. Taking the snapshots collects garbage first, and stops the worker for a second or two. */
  async liveBytes(worker: Child): Promise<number> {
    this.asked += 1;
    worker.signal('SIGWINCH');
    const said = new RegExp(`"heapSnapshots":${this.asked},`);
    const line = await worker.line('stdout', said, { timeoutMs: LONGEST_MS });
    const { files } = JSON.parse(line) as { files: string[] };
    if (files.length < ITS_THREADS)
      throw new Error('The SDK runs workflows in no thread of its own any more.');
    const bytes = files.map((file) => bytesIn(readFileSync(file, 'utf8')));
    for (const file of files) rmSync(file);
    return bytes.reduce((sum, n) => sum + n, 0);
  }
}
