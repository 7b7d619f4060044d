import type { ProofOptions } from '../part.js';
import { batchesOf, everyKth, type Batch } from './batches.js';
import { killBatch, type Sample } from './kill-batch.js';
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
  samples: Sample[];
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
    for (const [i, batch] of batches.entries()) {
      const found = await tried(batch, (b) => killBatch(stage, reference, b));
      samples.push(...found);
      o.log(`${scenario.name}: batch ${i + 1} of ${batches.length}, ${told(found)}`);
    }
    const seen = new Set(samples.filter(({ reached }) => reached).flatMap((sample) => sample.moments));
    return {
      scenario,
      points: points.length,
      undisturbedMs: reference.tookMs,
      moments: reference.moments.size,
      missedMoments: [...reference.moments].filter((moment) => !seen.has(moment)),
      omitted: reference.omitted,
      samples,
    };
  } finally {
    await stage.close();
  }
}

/** How often a point is tried that a run does not come to: how often it looks for something is a matter of the moment. */
const TRIES = 6;

/** A run that did not take the step it was to be stopped at gets another try. What came of it counts where it is wrong. */
async function tried(batch: Batch, kill: (batch: Batch) => Promise<Sample[]>): Promise<Sample[]> {
  const kept: Sample[] = [];
  let { points } = batch;
  for (let left = TRIES; ; left -= 1) {
    const found = await kill({ ...batch, points });
    points = points.filter((_, i) => found[i]?.reached === false);
    kept.push(...found.filter((s) => s.reached || s.wrong.length > 0 || left === 1));
    if (points.length === 0 || left === 1) return kept;
  }
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
  const worst = Math.max(...samples.map((s) => s.recoveryMs ?? Infinity));
  const bad = samples.filter((s) => s.wrong.length > 0).length;
  const missed = samples.filter((s) => !s.reached).length;
  return `${samples.length} points, worst ${(worst / 1_000).toFixed(1)} s, ${bad} wrong, ${missed} not reached`;
}
