import type { ProofOptions } from '../part.js';
import { batchesOf, everyKth, type Batch } from './batches.js';
import { killBatch, type Sample } from './kill-batch.js';
import type { Missed } from './missed.js';
import { enumerate, type PlannedPoint, type Reference } from './reference.js';
import type { KillScenario } from './scenarios.js';
import { Stage } from './stage.js';
import { nameOf } from './steps.js';

/** What one scenario came to. */
export interface ScenarioResult {
  scenario: KillScenario;
  /** Points that an undisturbed run has. */
  points: number;
  undisturbedMs: number;
  /** Moments of the histories of an undisturbed run, and at which of them no worker ever died as the last thing written. */
  moments: number;
  missedMoments: string[];
  omitted: Reference['omitted'];
  /** One for each point; one more for each run that went wrong where it was not killed at its point. */
  samples: Sample[];
  /** How often a point was played again, by why the kill before was none at it. */
  again: Partial<Record<Missed, number>>;
}

/** Enumerates a scenario's points by undisturbed runs, and kills the worker at each of those that were asked for. */
export async function runScenario(
  scenario: KillScenario,
  temporal: string,
  o: Pick<ProofOptions, 'seed' | 'only' | 'log'> & { most: number | null },
): Promise<ScenarioResult> {
  const stage = await Stage.open(scenario, temporal);
  try {
    await stage.startWorker();
    const reference = await enumerate(stage);
    const { points } = reference;
    o.log(`${scenario.name}: ${points.length} points, undisturbed in ${reference.tookMs} ms`);
    const wanted = o.only === null ? everyKth(reference, o.most, o.seed) : only(points, o.only);
    const batches = batchesOf(wanted, o.seed);
    const samples: Sample[] = [];
    const again: ScenarioResult['again'] = {};
    for (const [i, batch] of batches.entries()) {
      const found = await tried(batch, again, (b) => killBatch(stage, reference, b));
      samples.push(...found);
      o.log(`${scenario.name}: batch ${i + 1} of ${batches.length}, ${told(found)}`);
    }
    const seen = new Set(samples.filter(({ missed }) => missed === null).flatMap((sample) => sample.moments));
    return {
      scenario,
      points: points.length,
      undisturbedMs: reference.tookMs,
      moments: reference.moments.size,
      missedMoments: [...reference.moments].filter((moment) => !seen.has(moment)),
      omitted: reference.omitted,
      samples,
      again,
    };
  } finally {
    await stage.close();
  }
}

/**
 * How often a run is stopped for a point, at most: how often it looks for something is a matter of the moment, and so is
 * which run of a batch is late.
 */
const TRIES = 6;

/**
 * A point at which the kill was none gets another try. What came of such a kill counts where it is wrong, and in the end. It
 * ends, for each kill starts one run at least.
 */
async function tried(
  batch: Batch,
  again: ScenarioResult['again'],
  kill: (batch: Batch) => Promise<(Sample | null)[]>,
): Promise<Sample[]> {
  const kept: Sample[] = [];
  const left = new Map(batch.points.map((planned) => [planned, TRIES]));
  while (left.size > 0) {
    const points = [...left.keys()];
    const found = await kill({ ...batch, points });
    for (const [i, planned] of points.entries()) {
      const sample = found[i] ?? null;
      if (sample === null) continue;
      const more = sample.missed === null ? 0 : (left.get(planned) as number) - 1;
      if (more === 0) left.delete(planned);
      else left.set(planned, more);
      if (more === 0 || sample.wrong.length > 0) kept.push(sample);
      if (more > 0 && sample.missed !== null) again[sample.missed] = (again[sample.missed] ?? 0) + 1;
    }
  }
  return kept;
}

function only(points: readonly PlannedPoint[], name: string): PlannedPoint[] {
  const found = points.filter(({ point }) => nameOf(point) === name);
  if (found.length === 0) {
    throw new Error(
      `There is no point ${name}. Points: ${points.map(({ point }) => nameOf(point)).join(' ')}`,
    );
  }
  return found;
}

function told(samples: readonly Sample[]): string {
  const worst = Math.max(0, ...samples.map((s) => s.recoveryMs ?? 0));
  const bad = samples.filter((s) => s.wrong.length > 0).length;
  const missed = samples.filter((s) => s.missed !== null).length;
  return `${samples.length} points, worst ${(worst / 1_000).toFixed(1)} s, ${bad} wrong, ${missed} not reached`;
}
