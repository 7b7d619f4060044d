import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from './batches.js';
import { complaints, type Evidence } from './check.js';
import { evidenceOf } from './evidence.js';
import { standsAt } from './history.js';
import { containmentOf, leaseOf } from './hosts.js';
import { missedBy, type Missed } from './missed.js';
import { momentsOf, START, type PlannedPoint, type Reference } from './reference.js';
import type { Stage } from './stage.js';
import { startRuns, type Run } from './start-runs.js';
import { nameOf } from './steps.js';

/** What became of one point. Times in ms. */
export interface Sample {
  scenario: string;
  /** Its name, as `--only` takes it. */
  point: string;
  kind: 'http' | 'history';
  when: 'before' | 'after';
  /** Why the kill was not at this point: then it counts only where something is wrong. `null`: it was. */
  missed: Missed | null;
  /** From its start to this point in an undisturbed run. */
  atMs: number;
  /** How long it stood there before the kill, for the others to arrive; 0 where it never did. */
  stoodMs: number;
  /** From the SIGKILL to the run's end; `null` where it did not end, or was not killed at this point. */
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

/** A run whose worker is dead. Times in epoch ms. */
interface Struck {
  planned: PlannedPoint;
  host: number;
  /** When it stood at its point; `null` where it never did. */
  arrivedAt: number | null;
  killedAt: number;
}

/** For what was still under way to Temporal to be written. */
const WRITTEN_MS = 60;

/**
 * Stops each run at its point, kills the worker of all of them, starts another, and sees how they end. In the order of the
 * points; `null`: this run was not started.
 */
export async function killBatch(
  stage: Stage,
  reference: Reference,
  batch: Batch,
): Promise<(Sample | null)[]> {
  const runs = await startRuns(stage, batch);
  const killedAt = await stage.killWorker();
  stage.steps.moving = null;
  stage.steps.forget();
  const struck = await Promise.all(runs.map((run) => letGo(stage, run, killedAt)));
  await sleep(WRITTEN_MS);
  const moments = await Promise.all(
    struck.map(async (run) => (run ? await lastMoments(stage, run.host) : [])),
  );

  await stage.startWorker();
  return await Promise.all(
    struck.map(async (run, i) => run && (await sampleOf(stage, reference, run, moments[i] as string[]))),
  );
}

/** What stood on its way gets through or is lost, and who is to find no worker is started; `null`: one that was not started. */
async function letGo(stage: Stage, { planned, begun }: Run, killedAt: number): Promise<Struck | null> {
  const { point } = planned;
  if (point === START) {
    const host = stage.nextHost();
    await stage.contain(host);
    return { planned, host, arrivedAt: killedAt, killedAt };
  }
  if (begun === null) return null;
  const { host, standing } = begun;
  standing.end(point.kind === 'history' && point.when === 'after' ? 'go' : 'lose');
  return { planned, host, arrivedAt: standing.arrivedAt, killedAt };
}

async function sampleOf(
  stage: Stage,
  reference: Reference,
  { planned: { point, atMs }, host, arrivedAt, killedAt }: Struck,
  moments: string[],
): Promise<Sample> {
  const { endedAt, wrong, evidence } = await endOf(stage, host);
  const missed = missedBy({ arrivedAt, killedAt, endedAt });
  const recoveryMs = missed !== null || endedAt === null ? null : endedAt - killedAt;
  const left = Math.max(0, reference.tookMs - atMs);
  return {
    scenario: stage.scenario.name,
    point: nameOf(point),
    kind: point.kind,
    when: point.when,
    missed,
    atMs,
    stoodMs: arrivedAt === null ? 0 : Math.max(0, killedAt - arrivedAt),
    recoveryMs,
    beyondUndisturbedMs: recoveryMs === null ? null : recoveryMs - left,
    moments,
    wrong,
    evidence: wrong.length > 0 ? evidence : null,
  };
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
