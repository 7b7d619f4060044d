import type { Context } from '@temporalio/activity';

/** An attempt starts within so much of the time that Temporal scheduled it for, or the worker's clock is taken for wrong. */
const MOST_SKEW_MS = 60_000;

/**
 * What time it is for Temporal, whose clock deadlines are of: the worker's own time, or, where that was far off when this
 * attempt began, the time the attempt was scheduled for and what has passed since. An attempt that waited long for a worker
 * is so taken for an earlier one, which costs one more look. Times in epoch ms.
 */
export function temporalTime(context: Context, began: number, now: number): number {
  const { currentAttemptScheduledTimestampMs: scheduled, startToCloseTimeoutMs } = context.info;
  // A clock that is set while an attempt runs makes it neither endless nor older than it may get.
  const passed = Math.min(Math.max(0, now - began), startToCloseTimeoutMs || Infinity);
  return (Math.abs(began - scheduled) > MOST_SKEW_MS ? scheduled : began) + passed;
}

/** From the first schedule of an activity to that of this attempt, ms: by Temporal's clock alone. */
export function waitedMs(context: Context): number {
  const { currentAttemptScheduledTimestampMs, scheduledTimestampMs } = context.info;
  return Math.max(0, currentAttemptScheduledTimestampMs - scheduledTimestampMs);
}
