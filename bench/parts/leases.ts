import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LEASE_POLICY } from '../../contract/index.js';
import { type LeaseDay, measureLeaseDay } from '../leases/day.js';
import { measureLeaseHeap } from '../leases/heap.js';
import { type Expiry, measureExpiry } from '../leases/expiry.js';
import { holdAll, stateOf, targetsOn } from '../leases/holds.js';
import { type LeaseStage, openLeaseStage } from '../leases/stage.js';
import { round } from '../measure/statistics.js';
import { usageOf } from '../measure/usage.js';

/** The number of leases; fewer are looked at more often, so that the looks a second are those of as many. */
const FULL = 10_000;
/** Leases after which memory is read. */
const STEPS = [100, 250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000, 4_000, 6_000, 8_000];
const IDLE_MS = 60_000;

export interface Leases {
  n: number;
  /** What the worker's heap may grow to, MiB (`--heap`); null: as Node has it. */
  heapMiB?: number | null;
  /** How often each sensor is looked at, s. */
  watchEverySeconds: number;
  /** Holds taken a second, wish written and first look included. */
  takenASecond: number;
  /** Calls that took a hold and were sent again, because Temporal did not answer them. */
  takenAgain: number;
  /** Until every sensor had confirmed, from the first hold, s. */
  confirmedSeconds: number;
  memory: {
    samples: { held: number; cached: number; rssMiB: number }[];
    /** Live objects of the workflow thread a cached lease, KB (1,000 bytes). */
    liveKbALease: number;
    /** Growth of the worker's resident memory with each cached lease, garbage and all, least squares, KB. */
    residentKbALease: number;
  };
  /** One minute in which nobody asks for anything. CPU in ms. */
  idle: { looks: number; workerMs: number; temporalMs: number; simulatorMs: number };
  day: LeaseDay;
  expiry: Expiry;
}

export async function measureLeases(o: { n: number; heapMiB: number | null }): Promise<Leases> {
  const day = await measureLeaseDay();
  console.error(`  one lease: ${day.eventsADay} events a day`);
  const heap = await measureLeaseHeap();
  console.error(`  live heap: ${heap.kbACachedLease} KB a cached lease`);
  const watchEveryMs = Math.max(30_000, DEFAULT_LEASE_POLICY.watchEveryMs * Math.min(1, o.n / FULL));
  const stage = await openLeaseStage(o.n, o.heapMiB);
  try {
    const targets = await targetsOn(stage.simulator, o.n);
    const started = Date.now();
    const samples: Leases['memory']['samples'] = [];
    let taking = 0;
    let again = 0;
    for (const [n, held] of [...STEPS.filter((step) => step < o.n), o.n].entries()) {
      const from = Date.now();
      again += await holdAll(stage, targets.slice(samples[n - 1]?.held ?? 0, held), { watchEveryMs });
      taking += Date.now() - from;
      await sleep(3_000);
      samples.push({
        held,
        cached: await stage.cached(),
        rssMiB: round(usageOf(stage.pids.worker).rss / 2 ** 20),
      });
      console.error(`  held ${held} … ${JSON.stringify(samples.at(-1))}`);
    }
    await allConfirmed(stage, o.n);
    const confirmedSeconds = round((Date.now() - started) / 1_000);
    console.error(`  all confirmed after ${confirmedSeconds} s`);
    // The first look at the slow pace comes so long after the first confirmation.
    await sleep(Math.max(0, started + watchEveryMs + 30_000 - Date.now()));
    const idle = await idleMinute(stage);
    console.error(`  idle minute: ${JSON.stringify(idle)}`);
    // Setting an end costs less than taking a hold, but the looks of all leases go on beside it.
    const leadMs = 1.5 * taking + 30_000;
    const expiry = await measureExpiry(stage, targets, { leadMs, patienceMs: 2 * taking + 180_000 });
    return {
      n: o.n,
      heapMiB: o.heapMiB,
      watchEverySeconds: watchEveryMs / 1_000,
      takenASecond: round(o.n / (taking / 1_000)),
      takenAgain: again,
      confirmedSeconds,
      memory: {
        samples,
        liveKbALease: heap.kbACachedLease,
        residentKbALease: round((slopeOf(samples) * 2 ** 20) / 1_000),
      },
      idle,
      day,
      expiry,
    };
  } finally {
    await stage.close();
  }
}

/** The ledger says it of the sensors, a sample of the leases of themselves. */
async function allConfirmed(stage: LeaseStage, n: number): Promise<void> {
  const deadline = Date.now() + 300_000 + 60 * n;
  const sample = Array.from({ length: 25 }, (_, i) => 1 + Math.floor((i / 25) * n));
  for (;;) {
    const isolated = (await stage.simulator.ledger()).filter(({ effect }) => effect === 'isolated').length;
    if (isolated >= n) {
      const states = await Promise.all([...new Set([...sample, n])].map((id) => stateOf(stage, id)));
      if (states.every(({ confirmedAt }) => confirmedAt !== null)) return;
    }
    if (Date.now() > deadline)
      throw new Error(`${isolated} of ${n} sensors are isolated, and it takes too long.`);
    await sleep(5_000);
  }
}

async function idleMinute({ pids, simulator }: LeaseStage): Promise<Leases['idle']> {
  const cpu = (): number[] => [pids.worker, pids.temporal, pids.simulator].map((pid) => usageOf(pid).cpuMs);
  const from = Date.now();
  const before = cpu();
  await sleep(IDLE_MS);
  const after = cpu();
  const until = Date.now();
  const [workerMs, temporalMs, simulatorMs] = after.map((ms, i) => ms - before[i]!) as [
    number,
    number,
    number,
  ];
  const looks = (await simulator.journal()).filter(({ at }) => at >= from && at < until).length;
  return { looks, workerMs, temporalMs, simulatorMs };
}

/** Of memory (MiB) by cached leases, least squares, as long as the cache grows. */
function slopeOf(all: Leases['memory']['samples']): number {
  const samples = all.filter(({ cached, held }) => cached === held);
  const mean = (of: (s: (typeof samples)[number]) => number): number =>
    samples.reduce((sum, s) => sum + of(s), 0) / samples.length;
  const x = mean((s) => s.cached);
  const y = mean((s) => s.rssMiB);
  const up = samples.reduce((sum, s) => sum + (s.cached - x) * (s.rssMiB - y), 0);
  const down = samples.reduce((sum, s) => sum + (s.cached - x) ** 2, 0);
  return up / down;
}
