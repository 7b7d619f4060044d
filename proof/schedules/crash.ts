import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { type FailurePolicy, playbookClientOf, type PlaybookClient } from '../../client/index.js';
import { type Simulator, startSimulator } from '../../simulator/index.js';
import { type DevServer, startDevServer } from '../../testing/index.js';
import type { Child } from '../../test/support/child.js';
import { startWorker } from '../../test/support/worker-process.js';
import { type House, unlessClosed } from './house.js';
import { perform } from './deeds.js';
import { Play } from './play.js';
import type { Seen } from './seen.js';
import { scenarioOf, type Schedule } from './schedule.js';

/**
 * Real time in which every run of this stage must have ended. Its hosts and requests are quick, its server answers after twenty
 * seconds: the longest that a run then waits is ten minutes, for a release that was refused to be tried again, or for the index.
 */
export const CRASH_BOUND_MS = 18 * 60_000;
const REST_MS = 30_000;

/** Plays the schedules of one group side by side: one dev server, one simulated server, and worker processes that are killed. */
export async function playCrash(schedules: readonly Schedule[]): Promise<Seen[]> {
  const undo: (() => unknown)[] = [];
  try {
    const { knobs, profile, checkinSeconds, checkinPhase } = schedules[0] as Schedule;
    const temporal = await startDevServer();
    undo.push(() => temporal.kill());
    const simulator = await startSimulator({
      ...{ scenario: scenarioOf(schedules), knobs, profile, checkinSeconds, checkinPhase },
      log: () => undefined,
    });
    undo.push(() => simulator.close());
    const connection = await Connection.connect({ address: temporal.address });
    undo.push(() => connection.close());
    const house = new CrashHouse(simulator, temporal, new Client({ connection }));
    undo.push(() => house.close());
    await house.startWorker();
    const plays = schedules.map((schedule) => new Play(house, schedule, schedules, perform));
    await Promise.all(plays.map((play) => play.begin()));
    const all = async (): Promise<unknown> => await Promise.all(plays.map((play) => play.ended()));
    const bound = sleep(CRASH_BOUND_MS, undefined, { ref: false });
    await Promise.race([all(), bound]);
    for (const play of plays) play.listenNoMore();
    // What one schedule's request triggered in another that had ended by then.
    await Promise.race([all(), bound]);
    await Promise.all(plays.map((play) => play.untilLifted()));
    await atRest(simulator);
    return await Promise.all(plays.map((play) => play.seen()));
  } finally {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  }
}

/** Until every wish is a fact and no session is on its way, or long enough for what will never be. */
async function atRest(simulator: Simulator): Promise<void> {
  for (let waited = 0, calm = 0; waited < REST_MS && calm < 4; waited += 1_000) {
    const { sensors, sessions } = await simulator.state();
    const moving = sensors.some(({ wish, fact, online }) => online && wish !== fact);
    const open = sessions.some(({ status }) => status === 'pending');
    calm = moving || open ? 0 : calm + 1;
    await sleep(1_000);
  }
}

class CrashHouse implements House {
  readonly playbook: PlaybookClient;
  private worker: Child | null = null;
  private killing: Promise<void> | null = null;
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;

  constructor(
    readonly simulator: Simulator,
    private readonly temporal: DevServer,
    readonly client: Client,
  ) {
    this.playbook = playbookClientOf(client);
  }

  now(): Promise<number> {
    return Promise.resolve(Date.now());
  }

  later(ms: number, work: () => unknown): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void Promise.resolve(work()).catch(() => undefined);
    }, ms);
    this.timers.add(timer);
  }

  async cancel(handle: WorkflowHandle, policy: FailurePolicy | null): Promise<boolean> {
    if (policy === null) await handle.cancel();
    else await this.playbook.cancel(handle.workflowId, { policy, who: 'ben' });
    return true;
  }

  async terminate(handle: WorkflowHandle): Promise<boolean> {
    return await unlessClosed(handle.terminate('the schedule says so'));
  }

  /** Several schedules may want it dead at once: then it dies once. */
  async killWorker(downMs: number): Promise<void> {
    this.killing ??= (async () => {
      await this.worker?.kill();
      await sleep(downMs);
      await this.startWorker();
      this.killing = null;
    })();
    await this.killing;
  }

  /** As a supervisor does: one that ends by itself, or does not come up while the token is revoked, is started again. */
  async startWorker(): Promise<void> {
    const { simulator, temporal } = this;
    for (let tried = 1; !this.closed; tried += 1) {
      try {
        const { child } = await startWorker({ simulator, temporalAddress: temporal.address });
        this.worker = child;
        void child.exited.then(({ code, signal }) => {
          if (signal !== 'SIGKILL') console.error(`A worker ended by itself (${code ?? signal}).`);
        });
        return;
      } catch (error) {
        console.error(`A worker did not start (${tried}): ${(error as Error).message.slice(0, 400)}`);
        await sleep(500);
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    await this.killing?.catch(() => undefined);
    if (this.worker?.isRunning === true) await this.worker.kill();
  }
}
