import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepThreads, liveBytes } from '../../bench/measure/live-heap.js';
import { round } from '../../bench/measure/statistics.js';
import { leaseId } from '../../contract/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { leaseOf, personHolds } from '../../test/leases/support/lease.js';
import { projectRoot } from '../../test/support/worker-process.js';
import { historyOf, type WorkflowHistory } from '../history.js';

/** Leases that are there before the first snapshot: the first of a worker's workflows brings more than its own. */
const FIRST = 10;
/** The looks leave no events, whatever their pace (`bench/leases/day.ts` looks at the default one). */
const WATCH_EVERY_MS = 24 * 3_600_000;
/** A day of skipped time takes a second or two; a server that has stopped to skip never comes back. */
const STALLED_MS = 120_000;
const HOLDER = 'ana';

export interface HeldMonths {
  leases: number;
  days: number;
  /** Leases that do not hold as they did on the first day, in words. */
  wrong: { sensorId: number; why: string }[];
  /** Live heap of the workflow thread a lease, KB (1,000 bytes): an hour after they were taken, and after all the days. */
  heapKB: { atFirst: number; inTheEnd: number };
  histories: WorkflowHistory[];
}

/** So many leases, each held by a person without an end, on the time-skipping server with the shipped bundle. */
export async function holdForMonths(o: {
  leases: number;
  days: number;
  log: (line: string) => void;
}): Promise<HeldMonths> {
  const threads = keepThreads();
  await using env = await createPlaybookTestEnvironment({
    scenario: { name: 'held for months', sensors: [], fillerSensors: FIRST + o.leases },
    bundle: join(projectRoot, 'dist', 'workflows', 'bundle.js'),
    slots: 0,
  });
  const all = Array.from({ length: FIRST + o.leases }, (_, i) => i + 1);
  const measured = all.slice(FIRST);
  await takeAll(env, all.slice(0, FIRST));
  const empty = await liveBytes(threads);
  await takeAll(env, measured);
  const atFirst = await liveBytes(threads);
  for (let day = 1; day <= o.days; day += 1) {
    await skipped(env.sleep('1d'), day);
    if (day % 10 === 0) o.log(`${day} of ${o.days} days`);
  }
  const inTheEnd = await liveBytes(threads);
  const wrong: HeldMonths['wrong'] = [];
  const histories: WorkflowHistory[] = [];
  const cleared = new Set(
    (await env.simulator.ledger()).filter((e) => e.effect === 'wish-cleared').map((e) => e.sensorId),
  );
  for (const sensorId of measured) {
    const why = cleared.has(sensorId)
      ? 'Its wish was withdrawn meanwhile.'
      : await whyWrong(env, sensorId, o.days);
    if (why !== null) wrong.push({ sensorId, why });
    histories.push(await historyOf(env.client, leaseId(sensorId)));
  }
  const taken = (atFirst - empty) / measured.length;
  const grown = (inTheEnd - atFirst) / all.length;
  const heapKB = { atFirst: round(taken / 1_000), inTheEnd: round((taken + grown) / 1_000) };
  return { leases: o.leases, days: o.days, wrong, heapKB, histories };
}

async function takeAll(env: PlaybookTestEnvironment, sensorIds: readonly number[]): Promise<void> {
  for (const id of sensorIds) {
    await personHolds(env, id, HOLDER, { reason: 'long case' }, { watchEveryMs: WATCH_EVERY_MS });
  }
  await skipped(env.sleep('1h'), 0);
}

async function whyWrong(
  env: PlaybookTestEnvironment,
  sensorId: number,
  days: number,
): Promise<string | null> {
  const { holds, fact, reminders, wish } = await leaseOf(env, sensorId);
  const holders = holds.map((hold) => `${hold.holdId} (${hold.reason})`).join(', ');
  if (holders !== `person/${HOLDER} (long case)`) return `Its holders are: ${holders}.`;
  if (fact !== true || wish !== 'placed') return `Its wish is ${wish}, its fact ${fact}.`;
  if (Math.abs(reminders - days) > 1) return `It reminded ${reminders} times in ${days} days.`;
  return null;
}

/** @throws Error where time does not pass any more: a fault of the server, known to happen now and then. */
async function skipped(passing: Promise<void>, day: number): Promise<void> {
  const given = new AbortController();
  const stalled = sleep(STALLED_MS, undefined, { signal: given.signal }).then(() => {
    throw new Error(`The time-skipping server skipped no more on day ${day}.`);
  });
  stalled.catch(() => undefined);
  try {
    await Promise.race([passing, stalled]);
  } finally {
    given.abort();
  }
}
