import { setTimeout as sleep } from 'node:timers/promises';
import { goesOn, type Batch } from './batches.js';
import { complaints, type Evidence } from './check.js';
import { evidenceOf } from './evidence.js';
import { standsAt } from './history.js';
import { containmentOf, leaseOf } from './hosts.js';
import { momentsOf, START, type PlannedPoint, type Reference } from './reference.js';
import type { Stage } from './stage.js';
import { nameOf, type Standing } from './steps.js';

/** What became of one point. Times in ms. */
export interface Sample {
  scenario: string;
  /** Its name, as `--only` takes it. */
  point: string;
  kind: 'http' | 'history';
  when: 'before' | 'after';
  /** False: the run did not take this step, and was killed somewhere else. */
  reached: boolean;
  /** From its start to this point in an undisturbed run. */
  atMs: number;
  /** How long it stood there before the kill, for the others to arrive. */
  stoodMs: number;
  /** From the SIGKILL to the run's end; `null` where it did not end. */
  recoveryMs: number | null;
  /** The same, less what an undisturbed run still needs from there. */
  beyondUndisturbedMs: number | null;
  /** The last moment of each history when the worker was dead. */
  moments: string[];
  /** What was not as it must be. */
  wrong: string[];
  /** All that is known of the run, where something was wrong. */
  evidence: Evidence | null;
}

interface Run {
  planned: PlannedPoint;
  host: number;
  standing: Standing | null;
}

/** How late a run may be at its point: a task that is lost on the way costs ten seconds, and the machine may be busy. */
const PATIENCE_MS = 20_000;
/** For what was still under way to Temporal to be written. */
const WRITTEN_MS = 60;

/** Stops each run at its point, kills the worker of all of them, starts another, and sees how they end. */
export async function killBatch(stage: Stage, reference: Reference, batch: Batch): Promise<Sample[]> {
  const { steps } = stage;
  const runs = batch.points.map((planned): Run => {
    const host = stage.nextHost();
    return { planned, host, standing: planned.point === START ? null : steps.stopAt(host, planned.point) };
  });
  await (batch.inTurn ? startInTurn(stage, runs) : startTogether(stage, runs));

  const killedAt = await stage.killWorker();
  steps.moving = null;
  steps.forget();
  const reached = new Set(runs.filter(({ standing }) => standing === null || standing.arrivedAt !== null));
  for (const { standing, planned } of runs) {
    const arrives = planned.point.kind === 'history' && planned.point.when === 'after';
    standing?.end(arrives ? 'go' : 'lose');
  }
  for (const { standing, host } of runs) if (standing === null) await stage.contain(host);
  await sleep(WRITTEN_MS);
  const moments = await Promise.all(runs.map(({ host }) => lastMoments(stage, host)));

  await stage.startWorker();
  return await Promise.all(
    runs.map(async ({ planned, host, standing }, i): Promise<Sample> => {
      const { point, atMs } = planned;
      const { endedAt, wrong, evidence } = await endOf(stage, host);
      const recoveryMs = endedAt === null ? null : endedAt - killedAt;
      const left = Math.max(0, reference.tookMs - atMs);
      return {
        scenario: stage.scenario.name,
        point: nameOf(point),
        kind: point.kind,
        when: point.when,
        reached: reached.has(runs[i] as Run),
        atMs,
        stoodMs: standing?.arrivedAt == null ? 0 : killedAt - standing.arrivedAt,
        recoveryMs,
        beyondUndisturbedMs: recoveryMs === null ? null : recoveryMs - left,
        moments: moments[i] as string[],
        wrong,
        evidence: wrong.length > 0 ? evidence : null,
      };
    }),
  );
}

/** Each starts so long before the last as its point lies earlier in a run: all arrive at about the same time. */
async function startTogether(stage: Stage, runs: readonly Run[]): Promise<void> {
  const held = runs.filter(({ standing, planned }) => standing !== null && !goesOn(planned));
  const latest = Math.max(...held.map(({ planned }) => planned.atMs));
  await Promise.all(
    held.map(async (run) => {
      await sleep(latest - run.planned.atMs);
      await start(stage, run);
    }),
  );
  // The kill follows its arrival at once.
  for (const run of runs.filter(({ planned }) => goesOn(planned))) await start(stage, run);
}

async function start(stage: Stage, { planned, host, standing }: Run): Promise<void> {
  await stage.contain(host);
  await Promise.race([standing?.arrived, sleep(2 * planned.atMs + PATIENCE_MS, null, { ref: false })]);
}

async function startInTurn(stage: Stage, runs: readonly Run[]): Promise<void> {
  for (const run of runs) {
    stage.steps.moving = run.host;
    await start(stage, run);
  }
}

async function lastMoments(stage: Stage, host: number): Promise<string[]> {
  const all = await momentsOf(stage, host);
  return ['containment', 'lease'].flatMap((of) => all.filter((m) => m.startsWith(of)).slice(-1));
}

async function endOf(
  stage: Stage,
  host: number,
): Promise<{ endedAt: number | null; wrong: string[]; evidence: Evidence | null }> {
  try {
    const { evidence, endedAt } = await evidenceOf(stage, host);
    return { endedAt, wrong: complaints(stage.scenario.expected, evidence), evidence };
  } catch (error) {
    const where = await Promise.all(
      [containmentOf(host), leaseOf(host)].map((id) => standsAt(stage.client, id).catch(String)),
    );
    return { endedAt: null, wrong: [(error as Error).message, ...where], evidence: null };
  }
}
