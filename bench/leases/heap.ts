import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { createDevServerEnvironment } from '../../testing/index.js';
import { projectRoot } from '../../test/support/worker-process.js';
import { createPlaybookWorkers } from '../../worker/index.js';
import { keepThreads, liveBytes } from '../measure/live-heap.js';
import { round } from '../measure/statistics.js';
import { holdAll, targetsOn } from './holds.js';

const FIRST = 50;
const MORE = 200;
/** Check-ins come every second, and an unconfirmed sensor is looked at every 30 s. */
const UNTIL_CONFIRMED_MS = 40_000;

/** Live heap of the thread that runs workflows, before and after `MORE` leases came into its cache. */
export interface LeaseHeap {
  leases: number;
  /** KB (1,000 bytes) of live objects a cached lease: garbage, which resident memory is full of, is not in it. */
  kbACachedLease: number;
}

/** By heap snapshots, with the shipped bundle; in this process, because only its owner can look into a thread. */
export async function measureLeaseHeap(): Promise<LeaseHeap> {
  const threads = keepThreads();
  await using env = await createDevServerEnvironment({
    scenario: { name: 'leases', sensors: [], fillerSensors: FIRST + MORE },
    workers: false,
  });
  const workers = await createPlaybookWorkers({
    connection: env.temporal.nativeConnection,
    namespace: env.namespace,
    cb: env.cb,
    bundle: join(projectRoot, 'dist', 'workflows', 'bundle.js'),
    slots: 0,
  });
  const session = { client: env.client, namespace: env.namespace, address: '', webBase: null };
  return await workers.runUntil(async () => {
    const targets = await targetsOn(env.simulator, FIRST + MORE);
    await holdAll({ session }, targets.slice(0, FIRST), {});
    await sleep(UNTIL_CONFIRMED_MS);
    const before = await liveBytes(threads);
    await holdAll({ session }, targets.slice(FIRST), {});
    await sleep(UNTIL_CONFIRMED_MS);
    const kbACachedLease = round(((await liveBytes(threads)) - before) / MORE / 1_000);
    return { leases: MORE, kbACachedLease };
  });
}
