import { CompleteAsyncError, Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { Deps } from './deps.js';
import { asFailure } from './failure.js';
import { noteBegin, temporalNow } from './temporal-time.js';

const BEAT_MS = 1_000;
/** Longest pause a server may ask for with `Retry-After`. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/**
 * The border of every activity: heartbeats where the workflow asked for them, gives a cancel back as what it is, and turns
 * everything else into a typed failure.
 */
export function border<I, O>(
  deps: Deps,
  work: (input: I, context: Context) => Promise<O>,
): (input: I) => Promise<O> {
  return async (input) => {
    const context = Context.current();
    await noteBegin(deps, context);
    const beats = context.info.heartbeatTimeoutMs
      ? setInterval(() => context.heartbeat(lastDetails(context)), BEAT_MS)
      : null;
    try {
      return await work(input, context);
    } catch (err) {
      if (err instanceof CancelledFailure || err instanceof CompleteAsyncError) throw err;
      // axios and timers reject with their own word for it; the signal's reason is the failure Temporal knows.
      context.cancellationSignal.throwIfAborted();
      throw asFailure(err, await longestDelay(deps, context));
    } finally {
      if (beats !== null) clearInterval(beats);
    }
  };
}

/** Details that {@link remember} left, so that a heartbeat on a timer does not wipe them out. */
const details = new WeakMap<Context, unknown>();

/** Details that the heartbeats from now on carry. Sends none: one that says nothing new might come after the first that does. */
export function startFrom(context: Context, value: unknown): void {
  details.set(context, value);
}

/** Leaves details for the next attempt: sent with each heartbeat, and by a thrown error too. */
export function remember(context: Context, value: unknown): void {
  details.set(context, value);
  context.heartbeat(value);
}

function lastDetails(context: Context): unknown {
  return details.has(context) ? details.get(context) : (context.info.heartbeatDetails as unknown);
}

async function longestDelay(deps: Deps, context: Context): Promise<number> {
  const { scheduledTimestampMs, scheduleToCloseTimeoutMs } = context.info;
  if (!scheduleToCloseTimeoutMs) return LONGEST_PAUSE_MS;
  const left = scheduledTimestampMs + scheduleToCloseTimeoutMs - (await temporalNow(deps, context));
  return Math.min(LONGEST_PAUSE_MS, Math.max(1_000, left - 5_000));
}
