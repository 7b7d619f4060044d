import { setTimeout as realSleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { untilHeeded, untilQuiet } from '../../test/workflows/support/cancel-at.js';
import { Agenda } from './agenda.js';
import { boundMs } from './bound.js';
import type { House } from './house.js';
import { perform } from './deeds.js';
import { Play } from './play.js';
import type { Seen } from './seen.js';
import { scenarioOf, type Schedule } from './schedule.js';

const MINUTE = 60_000;
const LONGEST_STEP = 10 * MINUTE;
/** Leases finish what they owe: a release that was refused is tried again after ten minutes. */
const REST_MS = 25 * MINUTE;
/** Real time that a schedule may take; a hundred times what it takes. */
const PATIENCE_MS = 120_000;
const STARTED = 2;

/** Time that should skip does not, or a run waits for a task that was lost: known defects of the time-skipping server. */
export class StoodStill extends Error {
  override readonly name = 'StoodStill';
}

/** Plays one schedule on a time-skipping server of its own. */
export async function playSkipped(schedule: Schedule): Promise<Seen> {
  const { profile, knobs, checkinSeconds, checkinPhase } = schedule;
  const env = await createPlaybookTestEnvironment({
    ...{ scenario: scenarioOf([schedule]), profile, knobs, checkinSeconds, checkinPhase },
    log: () => undefined,
  });
  const patience = new AbortController();
  const play = new Play(new SkippedHouse(env), schedule, [schedule], perform);
  try {
    return await Promise.race([
      playIn(env, play),
      realSleep(PATIENCE_MS, undefined, { signal: patience.signal }).then(() => {
        throw new StoodStill(`Not at rest after ${PATIENCE_MS / 1_000} s of real time: ${play.standing()}.`);
      }),
    ]);
  } finally {
    patience.abort();
    await env.close().catch(() => undefined);
  }
}

export async function playIn(env: PlaybookTestEnvironment, play: Play<SkippedHouse>): Promise<Seen> {
  const { house, schedule } = play;
  await play.begin();
  const latest = (await house.now()) + boundMs(schedule);
  const ended = play.ended().then(() => true as const);
  ended.catch(() => undefined);
  await house.passUntil(async () => play.lifted && (await within(play.ended())), latest);
  if (!(await within(play.ended()))) return await play.seen();
  await env.sleep(REST_MS);
  return await play.seen();
}

/** Whether it has settled already, or does in a moment. */
async function within(work: Promise<unknown>): Promise<boolean> {
  return await Promise.race([work.then(() => true), realSleep(2).then(() => false)]);
}

export class SkippedHouse implements House {
  readonly simulator;
  readonly client;
  readonly playbook;
  private readonly agenda = new Agenda();
  private gate: Promise<void> = Promise.resolve();

  constructor(private readonly env: PlaybookTestEnvironment) {
    this.simulator = env.simulator;
    this.client = env.client;
    this.playbook = env.playbook;
    this.simulator.observe(() => this.gate);
  }

  async now(): Promise<number> {
    return await this.env.temporal.currentTimeMs();
  }

  later(ms: number, work: () => unknown): void {
    void this.now().then((now) => this.agenda.add(now + ms, work));
  }

  /** The server trips over a cancel of an activity that has just completed: everybody waits until it is heeded. */
  async cancel(handle: WorkflowHandle): Promise<void> {
    const heeded = (async () => {
      await untilQuiet(handle);
      if ((await handle.describe()).status.name !== 'RUNNING') return;
      await handle.cancel();
      await untilHeeded(handle);
    })();
    this.gate = heeded.catch(() => undefined);
    await heeded;
  }

  /** Never while an activity runs: this server would then skip no time any more. */
  async terminate(handle: WorkflowHandle): Promise<boolean> {
    for (let tried = 0; tried < 40; tried += 1) {
      const { status, raw } = await handle.describe().catch(() => ({ status: { name: 'NONE' }, raw: {} }));
      if (status.name !== 'RUNNING') return false;
      const { pendingActivities, pendingWorkflowTask } = raw as {
        pendingActivities?: { state?: number }[];
        pendingWorkflowTask?: unknown;
      };
      if (pendingWorkflowTask == null && !pendingActivities?.some(({ state }) => state === STARTED)) {
        await handle.terminate('the schedule says so');
        return true;
      }
      await new Promise<void>((resolve) => this.later(700, resolve));
    }
    return false;
  }

  killWorker(): Promise<void> {
    throw new Error('The worker of skipped time is this process.');
  }

  async passUntil(done: () => Promise<boolean>, latest: number): Promise<void> {
    for (let step = 500; !(await done());) {
      const now = await this.now();
      if (now > latest) return;
      const due = this.agenda.take(now);
      for (const { work } of due) await within(Promise.resolve(work()));
      if (due.length > 0) step = 500;
      const next = this.agenda.next ?? Infinity;
      await this.env.sleep(Math.max(1, Math.min(step, next - now)));
      step = Math.min(LONGEST_STEP, step * 1.4);
    }
  }
}
