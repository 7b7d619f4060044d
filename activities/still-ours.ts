import type { Context } from '@temporalio/activity';
import { ActivityNotFoundError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { Deps } from './deps.js';

/** A process that was frozen for so long may have been given up, and its activity handed to another one. */
const ASK_AFTER_MS = 5_000;

/**
 * Call before a change: a worker that slept between its last look and the change must not do it after the undo. Asks the
 * server, past the heartbeat throttle, whether this attempt is still the one; only where so much time has passed.
 */
export async function requireStillOurs(deps: Deps, context: Context): Promise<void> {
  context.cancellationSignal.throwIfAborted();
  const began = context.info.currentAttemptScheduledTimestampMs;
  // A clock that was set back says nothing of how long ago that was.
  if (Math.abs((await deps.clock.now()) - began) < ASK_AFTER_MS) return;
  try {
    await context.client.activity.heartbeat(context.info.taskToken, context.info.heartbeatDetails);
  } catch (err) {
    if (err instanceof ActivityNotFoundError)
      throw new CancelledFailure('Another attempt has taken this one’s place.');
  }
}
