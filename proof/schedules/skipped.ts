import { setTimeout as realSleep } from 'node:timers/promises';
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import type { FailurePolicy } from '../../client/index.js';
import { UPDATES } from '../../contract/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { untilHeeded, untilQuiet } from '../../test/workflows/support/cancel-at.js';
import { Agenda } from './agenda.js';
import { boundMs } from './bound.js';
import { type House, unlessClosed } from './house.js';
import { perform } from './deeds.js';
import { isBetweenTries, pendingOf, waitsForATry } from './pending.js';
import { Play } from './play.js';
import type { Seen } from './seen.js';
import { scenarioOf, type Schedule } from './schedule.js';
import { contradiction, requireRemembered, ServerForgot, StoodStill, Watch } from './stood-still.js';

const MINUTE = 60_000;
const LONGEST_STEP = 10 * MINUTE;
/** Leases finish what they owe: a release that was refused is tried again after ten minutes. */
const REST_MS = 25 * MINUTE;

/** Plays one schedule on a time-skipping server of its own. */
export async function playSkipped(schedule: Schedule): Promise<Seen> {
  const { profile, knobs, checkinSeconds, checkinPhase } = schedule;
  const env = await createPlaybookTestEnvironment({
    ...{ scenario: scenarioOf([schedule]), profile, knobs, checkinSeconds, checkinPhase },
    log: () => undefined,
  });
  const play = new Play(new SkippedHouse(env), schedule, [schedule], perform);
  const watch = new Watch(env, () => play.standing());
  try {
    return await Promise.race([playIn(env, play), watch.over]);
  } catch (error) {
    if (!(error instanceof StoodStill)) throw error;
    const why = play.onlyTerminated()
      ? 'Every run has ended, one of them from outside, and the server skips no time any more.'
      : await contradiction([
          ...play.runs.map(({ handle }) => handle),
          ...schedule.hosts.map((_, host) => play.leaseOf(host)),
        ]);
    throw why === null ? error : new ServerForgot(why);
  } finally {
    watch.end();
    await env.close().catch(() => undefined);
  }
}

export async function playIn(env: PlaybookTestEnvironment, play: Play<SkippedHouse>): Promise<Seen> {
  const { house, schedule } = play;
  await play.begin();
  const latest = (await house.now()) + boundMs(schedule);
  const ended = async (): Promise<boolean> => play.lifted && (await within(play.ended()));
  await house.passUntil(ended, latest);
  play.listenNoMore();
  await house.passUntil(ended, latest);
  if (!(await within(play.ended()))) {
    for (const { handle, closed } of play.runs) if (closed === null) await requireRemembered(handle);
    return await play.seen();
  }
  await env.sleep(REST_MS);
  return await play.seen();
}

/** False where the run has settled already. */
async function setPolicy(handle: WorkflowHandle, policy: FailurePolicy): Promise<boolean> {
  try {
    await handle.executeUpdate(UPDATES.failurePolicy, { args: [{ policy, who: 'ben' }] });
    return true;
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && /settled already/.test(error.cause?.message ?? ''))
      return false;
    throw error;
  }
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

  /**
   * The server trips over a cancel of an activity that has just completed: everybody waits until it is heeded. And it forgets
   * an activity that is cancelled while it waits for its next try: then the cancel comes a little later.
   */
  async cancel(handle: WorkflowHandle, policy: FailurePolicy | null): Promise<boolean> {
    if (policy !== null && !(await setPolicy(handle, policy))) return false;
    for (let tried = 0; await waitsForATry(handle); tried += 1) {
      if (tried === 8) return false;
      await new Promise<void>((resolve) => this.later(700, resolve));
    }
    const heeded = (async () => {
      await untilQuiet(handle);
      if ((await handle.describe()).status.name !== 'RUNNING') return false;
      if (!(await unlessClosed(handle.cancel()))) return false;
      await untilHeeded(handle);
      return true;
    })();
    this.gate = heeded.then(
      () => undefined,
      () => undefined,
    );
    return await heeded;
  }

  /** Never while an activity runs: this server would then skip no time any more. */
  async terminate(handle: WorkflowHandle): Promise<boolean> {
    for (let tried = 0; tried < 40; tried += 1) {
      const pending = await pendingOf(handle);
      if (pending === null) return false;
      if (!pending.busy && pending.activities.every(isBetweenTries)) {
        return await unlessClosed(handle.terminate('the schedule says so'));
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
