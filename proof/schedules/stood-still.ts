import type { WorkflowHandle } from '@temporalio/client';
import type { PlaybookTestEnvironment } from '../../testing/index.js';
import { pendingOf } from './pending.js';

/** Nothing moves any more. Whether that is the time-skipping server's doing or ours, a fresh one shows. */
export class StoodStill extends Error {
  override readonly name: string = 'StoodStill';
}

/** The time-skipping server is at fault: it forgot an activity that a run waits for, or skips no time although nothing runs. */
export class ServerForgot extends StoodStill {
  override readonly name = 'ServerForgot';
}

/**
 * An activity that is cancelled while it waits for its next try is dropped by the time-skipping server without a word: its
 * history never closes it, and yet it is not pending (a real server closes it at once).
 */
export async function requireRemembered(handle: WorkflowHandle): Promise<void> {
  const pending = await pendingOf(handle);
  if (pending === null) return;
  const open = new Set<string>();
  for (const event of (await handle.fetchHistory()).events ?? []) {
    if (event.activityTaskScheduledEventAttributes) open.add(String(event.eventId));
    const closed =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    if (closed) open.delete(String(closed.scheduledEventId));
  }
  if (open.size > pending.activities.length)
    throw new ServerForgot(
      `The server forgot an activity of ${handle.workflowId} that was cancelled between two tries.`,
    );
}

const STARTED = 2;

/** Why the server must be at fault when nothing moves, as it says itself; `null`: it does not contradict itself. */
export async function contradiction(handles: readonly WorkflowHandle[]): Promise<string | null> {
  for (const handle of handles) {
    const described = await handle.describe().catch(() => null);
    if (described === null) continue;
    const { workflowId } = described;
    const pending = described.raw.pendingActivities ?? [];
    if (described.status.name !== 'RUNNING' && pending.length > 0)
      return `${workflowId} has closed, and the server waits for an activity of it before it skips time.`;
    const over = pending.some(
      ({ state, lastStartedTime: started, lastAttemptCompleteTime: ended }) =>
        Number(state) === STARTED && started != null && ended != null && nanos(ended) >= nanos(started),
    );
    if (over)
      return `The server takes an activity of ${workflowId} whose attempt has ended for one that runs, and skips no time.`;
  }
  return null;
}

type Timestamp = NonNullable<
  NonNullable<
    Awaited<ReturnType<WorkflowHandle['describe']>>['raw']['pendingActivities']
  >[number]['lastStartedTime']
>;

function nanos({ seconds, nanos: rest }: Timestamp): number {
  return Number(seconds ?? 0) * 1e9 + Number(rest ?? 0);
}

const LOOK_MS = 3_000;
/** So long, in real time, without a request and without time that skips. */
const STILL_MS = 15_000;
/** So long with a few requests now and then, and without time that skips: it passes as it is. */
const SLOW_MS = 45_000;
const FEW_REQUESTS = 10;
const LONGEST_MS = 300_000;

/** Looks from outside whether anything moves. */
export class Watch {
  readonly over: Promise<never>;
  private readonly timer: NodeJS.Timeout;

  constructor(env: PlaybookTestEnvironment, standing: () => string) {
    let moved = Date.now();
    let hurried = moved;
    let seen = { requests: 0, time: 0 };
    const began = moved;
    let giveUp: (error: Error) => void = () => undefined;
    this.over = new Promise((_, reject) => (giveUp = reject));
    this.over.catch(() => undefined);
    this.timer = setInterval(() => {
      const now = Date.now();
      const said = (): string => `${Math.round((now - began) / 1_000)} s: ${standing()}.`;
      if (now - began > LONGEST_MS) giveUp(new StoodStill(`Not at rest after ${said()}`));
      if (now - moved > STILL_MS)
        giveUp(new StoodStill(`No request and no time that skips, after ${said()}`));
      if (now - hurried > SLOW_MS) giveUp(new StoodStill(`Time passes as it is, after ${said()}`));
      void env.temporal.currentTimeMs().then(
        (time) => {
          const requests = env.simulator.journal().length;
          const skips = time > seen.time + 4 * LOOK_MS;
          if (skips || requests > seen.requests) moved = now;
          if (skips || requests >= seen.requests + FEW_REQUESTS) hurried = now;
          seen = { requests, time };
        },
        () => undefined,
      );
    }, LOOK_MS);
  }

  end(): void {
    clearInterval(this.timer);
  }
}
