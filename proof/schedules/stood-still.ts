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

const LOOK_MS = 3_000;
/** So long, in real time, without a request and without time that skips. */
const STILL_MS = 15_000;
const LONGEST_MS = 300_000;

/** Looks from outside whether anything moves. */
export class Watch {
  readonly over: Promise<never>;
  private readonly timer: NodeJS.Timeout;

  constructor(env: PlaybookTestEnvironment, standing: () => string) {
    let moved = Date.now();
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
      void env.temporal.currentTimeMs().then(
        (time) => {
          const requests = env.simulator.journal().length;
          if (requests > seen.requests || time > seen.time + 4 * LOOK_MS) moved = now;
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
