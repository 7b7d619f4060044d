import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { cutMessage, FAILURES, type FailureType, type Problem } from '../contract/index.js';

/** A final failure of a type from the contract. Always this, never a plain `Error`: that would hang the run. */
export function failure(type: FailureType, message: string, ...details: unknown[]): ApplicationFailure {
  return plain(
    ApplicationFailure.create({ type, message: cutMessage(message), nonRetryable: true, details }),
  );
}

/** Without the stack: an operator reads the failure in Temporal Web, and lines of ours are noise there. */
export function plain<T extends Error>(failure: T): T {
  failure.stack = `${failure.name}: ${failure.message}`;
  return failure;
}

/** What went wrong, for the receipt. A time-out counts as the last reason the activity gave, where it gave one. */
export function problemOf(step: string, err: unknown): Problem {
  const cause = err instanceof ActivityFailure ? (err.cause ?? err) : err;
  if (isCancellation(err) || cause instanceof CancelledFailure) {
    return { step, type: 'Cancelled', message: 'The run was cancelled.' };
  }
  if (cause instanceof ApplicationFailure) {
    const type =
      cause.type !== undefined && cause.type !== null && cause.type in FAILURES ? cause.type : 'Unexpected';
    return { step, type, message: cutMessage(cause.message) };
  }
  if (cause instanceof TimeoutFailure) {
    return { step, type: 'DeadlinePassed', message: `No answer in time (${cause.timeoutType}).` };
  }
  return {
    step,
    type: 'Unexpected',
    message: cutMessage(cause instanceof Error ? cause.message : String(cause)),
  };
}

/** The request turned out to be wrong as a whole, e.g. host name and sensor id disagree; `null` for any other failure. */
export function wrongRequest(err: unknown): ApplicationFailure | null {
  const cause = err instanceof ActivityFailure ? err.cause : err;
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'InvalidRequest') return null;
  return failure('InvalidRequest', cause.message, ...(cause.details ?? []));
}

/** Failures that say "no answer", not "no": of a slow fact they mean that it was not seen in time. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  'NotYet',
  'DeadlinePassed',
  'ServerUnavailable',
  'OutcomeUnknown',
  'RateLimited',
  'MalformedAnswer',
]);

/** A slow fact whose activity never got to say "not met" (a server that hangs, a clock that is behind) counts as not met. */
export async function orNotMet<T>(
  run: { problems: Problem[] },
  step: string,
  notMet: T,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (err) {
    const problem = problemOf(step, err);
    if (isCancellation(err) || !NO_ANSWER.has(problem.type)) throw err;
    run.problems.push(problem);
    return notMet;
  }
}

/** Whatever the last attempt left behind: details of its failure, or of its last heartbeat. */
export function leftBehind<T>(err: unknown): T | null {
  const cause = err instanceof ActivityFailure ? err.cause : err;
  if (cause instanceof ApplicationFailure) return (cause.details?.[0] as T | undefined) ?? null;
  if (cause instanceof CancelledFailure) {
    // The server's own word for "not started" is text.
    const left: unknown = cause.details?.[0];
    return typeof left === 'object' && left !== null ? (left as T) : null;
  }
  if (cause instanceof TimeoutFailure) return (cause.lastHeartbeatDetails as T | undefined) ?? null;
  return null;
}

/** Failures that mean: the server or the sensor says no to this wish, and the same call would only be refused again. */
export const WISH_REFUSED: ReadonlySet<string> = new Set([
  'Forbidden',
  'Unauthorized',
  'Refused',
  'TargetChanged',
  'NoSuchHost',
  'IsolationUnsupported',
]);
