import { seeded } from '../../bench/measure/seeded.js';
import type { PlannedPoint, Reference } from './reference.js';

/** Runs that are stopped together and lose the one worker that they share. */
export interface Batch {
  points: PlannedPoint[];
  /** One starts when the one before stands: whose an anonymous step is can only be told where one run moves. */
  inTurn: boolean;
}

const MOST = 10;
const MOST_IN_TURN = 5;
/** Eight Live Response sessions at once; those that are to be stopped later pass through one meanwhile. */
const MOST_IN_SESSION = 7;
/** No attempt waits for its heartbeats: only at the first moment does the run stand where this one does. */
export const goesOn = ({ point }: PlannedPoint): boolean =>
  point.step.startsWith('RecordActivityTaskHeartbeat');
const MOST_GOING_ON = 1;
/** A task that was handed out and stopped on its way keeps one of the worker's polls. */
const MOST_HANDED_OUT = 3;

/** Lays points into batches: mixed by the seed, so that each batch has some of every part of a run. */
export function batchesOf(points: readonly PlannedPoint[], seed: number): Batch[] {
  const { mayJoin } = limits(points);
  const batches: Batch[] = [];
  for (const planned of shuffled(points, seed)) {
    const open = batches.find((batch) => mayJoin(batch, planned));
    if (open) open.points.push(planned);
    else batches.push({ points: [planned], inTurn: planned.anonymous });
  }
  return batches;
}

/** As many points as were asked for, spread over the whole run, which of them by the seed. */
export function everyKth(reference: Reference, most: number | null, seed: number): PlannedPoint[] {
  const { points } = reference;
  if (most === null || points.length <= most) return points;
  const k = points.length / most;
  const first = seeded(seed)() * k;
  return Array.from(
    { length: most },
    (_, i) => points[Math.floor(first + i * k) % points.length] as PlannedPoint,
  );
}

function limits(points: readonly PlannedPoint[]): {
  mayJoin: (batch: Batch, planned: PlannedPoint) => boolean;
} {
  const inSession = ({ atMs }: PlannedPoint): boolean => {
    const of = points
      .filter(({ point }) => /cblr\/session|enumerateAndKill/.test(point.step))
      .map((p) => p.atMs);
    return atMs >= Math.min(...of) && atMs <= Math.max(...of);
  };
  const handedOut = ({ point }: PlannedPoint): boolean => point.step.startsWith('Poll');
  const full = (
    batch: Batch,
    which: (p: PlannedPoint) => boolean,
    most: number,
    planned: PlannedPoint,
  ): boolean => which(planned) && batch.points.filter(which).length >= most;
  return {
    mayJoin: (batch, planned) =>
      batch.inTurn === planned.anonymous &&
      batch.points.length < (batch.inTurn ? MOST_IN_TURN : MOST) &&
      !full(batch, inSession, MOST_IN_SESSION, planned) &&
      !full(batch, handedOut, MOST_HANDED_OUT, planned) &&
      !full(batch, goesOn, MOST_GOING_ON, planned),
  };
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seeded(seed);
  return items
    .map((item) => ({ item, by: random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ item }) => item);
}
