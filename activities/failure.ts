import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { type CbError, type CbErrorKind, isCbError } from '../cb-response/index.js';
import { cutMessage, FAILURES, type FailureType } from '../contract/index.js';

const BY_KIND: Record<CbErrorKind, FailureType> = {
  unauthorized: 'Unauthorized',
  forbidden: 'Forbidden',
  'live-response-off': 'LiveResponseOff',
  'not-found': 'Refused',
  conflict: 'Refused',
  'too-many-sessions': 'TooManySessions',
  'second-session': 'ServerUnavailable',
  'rate-limited': 'RateLimited',
  unavailable: 'ServerUnavailable',
  refused: 'Refused',
  malformed: 'MalformedAnswer',
  'unknown-outcome': 'OutcomeUnknown',
  tls: 'ServerUnavailable',
  unreachable: 'ServerUnavailable',
};

export interface FailureOptions {
  details?: unknown[];
  /** Milliseconds until the next try. */
  nextRetryDelay?: number | null;
  /** Nobody's failure: kept out of logs and failure metrics. */
  benign?: boolean;
}

/** A failure of a type from the contract, final or not as the contract says. */
export function failure(type: FailureType, message: string, o: FailureOptions = {}): ApplicationFailure {
  const made = ApplicationFailure.create({
    type,
    message: cutMessage(message),
    nonRetryable: FAILURES[type].final,
    details: o.details ?? [],
    nextRetryDelay: o.nextRetryDelay == null ? undefined : Math.max(1, Math.round(o.nextRetryDelay)),
    ...(o.benign === true ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
  // Lines of ours are noise to who reads the failure in Temporal Web.
  made.stack = `${made.name}: ${made.message}`;
  return made;
}

export function failureTypeOf(error: CbError): FailureType {
  return BY_KIND[error.kind];
}

/**
 * Any error as one that may cross the activity border: typed, one line, no secret, no stack noise. `longestDelay` clamps
 * `Retry-After`: a next try past schedule-to-close would end the activity at once.
 */
export function asFailure(err: unknown, longestDelay: number | null): Error {
  if (err instanceof ApplicationFailure) return err;
  if (!isCbError(err))
    return failure('Unexpected', err instanceof Error ? `${err.name}: ${err.message}` : String(err));
  const asked = err.retryAfterMs;
  const delay = asked === null ? null : longestDelay === null ? asked : Math.min(asked, longestDelay);
  return failure(failureTypeOf(err), err.message, { nextRetryDelay: delay });
}

/**
 * A read-back after a change that was accepted: what fails here says nothing of the change, so it is never a refusal of it.
 * The next attempt reads before it does anything again.
 */
export async function afterActing<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (err) {
    if (!isCbError(err) || !FAILURES[failureTypeOf(err)].final) throw err;
    throw failure('OutcomeUnknown', `The change was accepted and cannot be read back: ${err.message}`);
  }
}
