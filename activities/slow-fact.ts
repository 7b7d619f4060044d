import type { Context } from '@temporalio/activity';
import { isCbError } from '../cb-response/index.js';
import type { Deps } from './deps.js';
import { failure, failureTypeOf } from './failure.js';
import { FAILURES } from '../contract/index.js';
import { temporalNow, waitedMs } from './temporal-time.js';

/**
 * Looks come as often as they are asked for in the first minute, every two seconds at most for ten, then once a minute, and
 * after six hours less and less: every five minutes at least.
 */
const AS_ASKED_FOR_MS = 60_000;
const OFTEN_FOR_MS = 10 * 60_000;
const OFTEN_EVERY_MS = 2_000;
const LATER_EVERY_MS = 60_000;
const RAREST_EVERY_MS = 5 * 60_000;
const OF_THE_TIME_WAITED = 1 / 360;

/**
 * One look at a slow fact. Not there yet: throws BENIGN with the next look's delay, so that it costs five events however
 * long it takes and Temporal Web shows the countdown. Past the deadline: what was seen last, `met: false`.
 * A server that does not answer is asked again until the deadline; what is final stays final.
 */
export async function slowFact<T>(
  deps: Deps,
  context: Context,
  input: { deadline: number; everyMs: number },
  waitingFor: string,
  look: () => Promise<{ met: boolean; seen: T }>,
): Promise<{ met: boolean; seen: T | null; at: number }> {
  let seen: T | null = null;
  let why = 'not yet';
  let pause: number | null = null;
  try {
    const looked = await look();
    seen = looked.seen;
    if (looked.met) return { met: true, seen, at: await deps.clock.now() };
  } catch (err) {
    context.cancellationSignal.throwIfAborted();
    if (!isCbError(err) || FAILURES[failureTypeOf(err)].final) throw err;
    why = err.message;
    pause = err.retryAfterMs;
  }
  const at = await deps.clock.now();
  const left = input.deadline - (await temporalNow(deps, context));
  if (left <= 0) return { met: false, seen, at };
  const every = pause ?? Math.max(input.everyMs, shortestPause(waitedMs(context)));
  throw failure('NotYet', `Waiting for ${waitingFor}: ${why}.`, {
    nextRetryDelay: Math.min(every, left),
    benign: true,
  });
}

/** The least pause before the next look of one who has waited so long, ms. */
export function shortestPause(waitedMs: number): number {
  if (waitedMs < AS_ASKED_FOR_MS) return 0;
  if (waitedMs < OFTEN_FOR_MS) return OFTEN_EVERY_MS;
  return Math.min(RAREST_EVERY_MS, Math.max(LATER_EVERY_MS, Math.round(waitedMs * OF_THE_TIME_WAITED)));
}
