import type { Context } from '@temporalio/activity';
import type { Deps } from './deps.js';

/** An attempt begins within so much of the time that Temporal scheduled it for, or the worker's clock is taken for wrong. */
const MOST_SKEW_MS = 60_000;

const began = new WeakMap<Context, number>();

/** Call at the start of an attempt: how far the worker's clock is off is seen then. */
export async function noteBegin(deps: Deps, context: Context): Promise<void> {
  began.set(context, await deps.clock.now());
}

/**
 * What time it is for Temporal, whose clock deadlines are of, in epoch ms: the worker's own time, or, where that was far off
 * when this attempt began, the time the attempt was scheduled for and what has passed since. An attempt that waited long for
 * a worker is so taken for an earlier one; its schedule-to-close time-out ends it all the same.
 */
export async function temporalNow(deps: Deps, context: Context): Promise<number> {
  const now = await deps.clock.now();
  const start = began.get(context) ?? now;
  const scheduled = context.info.currentAttemptScheduledTimestampMs;
  return (Math.abs(start - scheduled) > MOST_SKEW_MS ? scheduled : start) + Math.max(0, now - start);
}

/** From the first schedule of an activity to that of this attempt, ms: by Temporal's clock alone. */
export function waitedMs(context: Context): number {
  const { currentAttemptScheduledTimestampMs, scheduledTimestampMs } = context.info;
  return Math.max(0, currentAttemptScheduledTimestampMs - scheduledTimestampMs);
}
