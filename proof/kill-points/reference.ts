import { complaints } from './check.js';
import { evidenceOf } from './evidence.js';
import { momentsIn } from './history.js';
import { containmentOf, leaseOf } from './hosts.js';
import type { Stage } from './stage.js';
import type { Point, Taken } from './steps.js';

/** Undisturbed runs: a point is one only where each of them had it. */
const RUNS = 2;
/** A step that is repeated while something is waited for is killed at its first times: the others leave nothing new. */
const MOST_REPEATS = 3;
const isRepeat = ({ step, n }: Taken): boolean => n > MOST_REPEATS && !step.includes('WorkflowTask');

/** Before anything of a run has happened: it is started while nobody is there. */
export const START: Point = { kind: 'history', step: 'WorkflowExecutionStarted', n: 1, when: 'after' };

export interface Reference {
  points: PlannedPoint[];
  /** From the start of the run that the points' times are of to its end, ms. */
  tookMs: number;
  /** Of the containment and of its lease. */
  moments: Set<string>;
  /** Steps of the first run at which nobody is killed: repeated looks, and what the other run did not do. */
  omitted: { repeats: number; unshared: number };
}

export interface PlannedPoint {
  point: Point;
  /** When an undisturbed run gets there, ms from its start. */
  atMs: number;
  /** No part of the request says whose it is: such runs go one after the other. */
  anonymous: boolean;
}

/** Runs the scenario undisturbed and enumerates its points. */
export async function enumerate(stage: Stage): Promise<Reference> {
  const runs: { startedAt: number; endedAt: number; taken: readonly Taken[] }[] = [];
  const moments: Set<string>[] = [];
  for (let i = 0; i < RUNS; i += 1) {
    const host = stage.nextHost();
    stage.steps.moving = host;
    const startedAt = Date.now();
    await stage.contain(host);
    const { evidence, endedAt } = await evidenceOf(stage, host);
    const wrong = complaints(stage.scenario.expected, evidence);
    if (wrong.length > 0) {
      throw new Error(`The undisturbed run of ${stage.scenario.name} is wrong: ${wrong.join('; ')}`);
    }
    const taken = stage.steps.takenBy(host).filter((step) => step.at <= endedAt);
    runs.push({
      startedAt,
      endedAt,
      taken: taken.filter(stage.scenario.isPoint),
    });
    moments.push(new Set(await momentsOf(stage, host)));
  }
  stage.steps.moving = null;
  const [first, ...others] = runs as [(typeof runs)[0], ...typeof runs];
  const isShared = (step: Taken): boolean =>
    others.every(({ taken }) => taken.some((other) => isSame(other, step)));
  const news = first.taken.filter((step) => !isRepeat(step));
  const points = news.filter(isShared).flatMap((step) => pointsAt(step, step.at - first.startedAt));
  if (stage.scenario.until === 'containment') points.unshift({ point: START, atMs: 0, anonymous: false });
  const [some, ...more] = moments as [Set<string>, ...Set<string>[]];
  return {
    points,
    tookMs: first.endedAt - first.startedAt,
    omitted: {
      repeats: first.taken.length - news.length,
      unshared: news.filter((step) => !isShared(step)).length,
    },
    moments: new Set([...some].filter((moment) => more.every((set) => set.has(moment)))),
  };
}

/** Moments of a host's containment and of its lease; where it is the lease's end that counts, those after the containment's. */
export async function momentsOf(stage: Stage, host: number): Promise<string[]> {
  const { client, scenario } = stage;
  let after = 0;
  if (scenario.until === 'lease') {
    const { closeTime } = await client.workflow.getHandle(containmentOf(host)).describe();
    after = closeTime?.getTime() ?? 0;
  }
  const containment = after > 0 ? [] : await momentsIn(client, containmentOf(host));
  const lease = await momentsIn(client, leaseOf(host), after);
  return [...containment.map((m) => `containment: ${m}`), ...lease.map((m) => `lease: ${m}`)];
}

function pointsAt(step: Taken, atMs: number): PlannedPoint[] {
  const { kind, n, handedOut, anonymous } = step;
  const times = handedOut ? (['after'] as const) : (['before', 'after'] as const);
  return times.map((when) => ({ point: { kind, step: step.step, n, when }, atMs, anonymous }));
}

function isSame(a: Taken, b: Taken): boolean {
  return a.kind === b.kind && a.step === b.step && a.n === b.n;
}
