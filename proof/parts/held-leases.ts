import { median } from '../../bench/measure/statistics.js';
import { type HeldMonths, holdForMonths } from '../held-leases/months.js';
import {
  type PartResult,
  type ProofOptions,
  type ProofPart,
  replayCommand,
  type Violation,
} from '../part.js';

const LEASES = 200;
/** Three months. */
const DAYS = 90;
/** Of issue 4, a lease a day. */
const MOST_EVENTS = 300;
/** What a lease may take more after three months than on its first day: its notes of what happened are bounded. */
const MOST_GROWTH_KB = 40;

export const heldLeases: ProofPart = {
  name: 'held-leases',
  about: 'leases that are held for months of skipped time',
  inCi: false,
  run,
};

async function run(o: ProofOptions): Promise<PartResult> {
  const held = await onceMore(o, () => holdForMonths({ leases: o.n ?? LEASES, days: DAYS, log: o.log }));
  const { leases, days, wrong, heapKB, histories } = held;
  const replay = replayCommand('held-leases', o, 'all');
  const violations: Violation[] = wrong.map(({ sensorId, why }) => ({
    what: `The lease of sensor ${sensorId}, held for ${days} days: ${why}`,
    replay,
  }));
  const small = histories.filter(({ events }) => events / days < MOST_EVENTS).length;
  if (small < leases)
    violations.push({ what: `${leases - small} leases left ${MOST_EVENTS} events a day or more.`, replay });
  const steady = heapKB.inTheEnd - heapKB.atFirst <= MOST_GROWTH_KB;
  if (!steady)
    violations.push({
      what: `A lease's live heap grew from ${heapKB.atFirst} to ${heapKB.inTheEnd} KB.`,
      replay,
    });
  const attack = `${leases} leases held for ${days} days`;
  return {
    rows: [
      {
        attack,
        promise: 'held by the same person, isolated, reminded of each day, the wish never withdrawn',
        tried: leases,
        held: leases - wrong.length,
        measured: '',
      },
      {
        attack,
        promise: `below ${MOST_EVENTS} events a lease a day`,
        tried: leases,
        held: small,
        measured: historiesInWords(held),
      },
      {
        attack,
        promise: `a lease takes at most ${MOST_GROWTH_KB} KB more of the worker's memory in the end`,
        tried: 1,
        held: steady ? 1 : 0,
        measured: `${Math.round(heapKB.atFirst)} KB live a lease on the first day, ${Math.round(heapKB.inTheEnd)} KB in the end`,
      },
    ],
    violations,
    data: held,
  };
}

function historiesInWords({ days, histories }: HeldMonths): string {
  const mid = (of: (h: HeldMonths['histories'][number]) => number): number => median(histories.map(of));
  return (
    `${Math.round(mid((h) => h.events / days))} a day; in all ${mid((h) => h.events)} events and ` +
    `${Math.round(mid((h) => h.bytes) / 1_000)} KB a lease in ${mid((h) => h.runs)} runs, the longest of ${mid((h) => h.longestRun)} events`
  );
}

/** The time-skipping server now and then loses a task and stops to skip: that is said, and tried once more. */
async function onceMore<T>({ log }: ProofOptions, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    log(`given up, and tried once more: ${(error as Error).message}`);
    return await attempt();
  }
}
