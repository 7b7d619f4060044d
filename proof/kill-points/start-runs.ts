import { setTimeout as sleep } from 'node:timers/promises';
import { goesOn, type Batch } from './batches.js';
import { START, type PlannedPoint } from './reference.js';
import type { Stage } from './stage.js';
import type { Standing } from './steps.js';

/** A run that is to lose its worker at a point. */
export interface Run {
  planned: PlannedPoint;
  /** `null`: not started, for it would have come too late. */
  begun: { host: number; standing: Standing } | null;
}

/** How late a run may be while no other stands: a task that is lost on the way costs ten seconds, and the machine may be busy. */
const PATIENCE_MS = 20_000;
/** How long the first that stands waits for the others, ms: less than `STANDS_MS`, by more than the kill takes. */
const WAITS_MS = 6_000;

/**
 * Starts the runs of a batch that are stopped on their way, and resolves when all stand at their points, or when the first
 * that does has waited long enough: whoever is late then is played again, by itself.
 */
export async function startRuns(stage: Stage, batch: Batch): Promise<Run[]> {
  const starter = new Starter(stage);
  const runs = batch.points.map((planned): Run => ({ planned, begun: null }));
  const stopped = runs.filter(({ planned }) => planned.point !== START);
  if (batch.inTurn) await oneByOne(stopped, starter);
  else await together(stopped, starter);
  return runs;
}

async function oneByOne(runs: readonly Run[], starter: Starter): Promise<void> {
  for (const run of runs) await starter.start(run, 'alone');
}

/** Each starts so long before the last as its point lies earlier in a run: all arrive at about the same time. */
async function together(runs: readonly Run[], starter: Starter): Promise<void> {
  const held = runs.filter(({ planned }) => !goesOn(planned));
  const latest = Math.max(...held.map(({ planned }) => planned.atMs));
  await Promise.all(
    held.map(async (run) => {
      await sleep(latest - run.planned.atMs);
      await starter.start(run);
    }),
  );
  // The kill follows its arrival at once.
  for (const run of runs.filter(({ planned }) => goesOn(planned))) await starter.start(run);
}

class Starter {
  /** Epoch ms; by then whoever is to stand stands. */
  private until = Infinity;
  private tooLate!: () => void;
  private readonly isOver = new Promise<void>((resolve) => (this.tooLate = resolve));

  constructor(private readonly stage: Stage) {}

  /** Starts a run, unless it would come too late, and waits until it stands or is late. */
  async start(run: Run, moves: 'alone' | 'with others' = 'with others'): Promise<void> {
    const { point, atMs } = run.planned;
    if (Date.now() + atMs > this.until) return;
    const { steps } = this.stage;
    const host = this.stage.nextHost();
    const standing = steps.stopAt(host, point);
    if (moves === 'alone') steps.moving = host;
    run.begun = { host, standing };
    void standing.arrived.then(() => this.arrived());
    await this.stage.contain(host);
    const patience = sleep(2 * atMs + PATIENCE_MS, undefined, { ref: false });
    await Promise.race([standing.arrived, this.isOver, patience]);
  }

  private arrived(): void {
    if (this.until !== Infinity) return;
    this.until = Date.now() + WAITS_MS;
    void sleep(WAITS_MS, undefined, { ref: false }).then(() => this.tooLate());
  }
}
