import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { cutMessage } from '../contract/index.js';
import { scrubDeep, type Scrub } from './scrub.js';

/** Set by the SDK itself; they are no failures and pass as they are. */
function isControlFlow(error: unknown): boolean {
  if (error instanceof CancelledFailure) return true;
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'CompleteAsyncError');
}

/** The room, file and line an error came from; no path of the machine. */
function originOf(error: Error): string {
  const frame = /\/((?:activities|cb-response|worker|contract)\/[\w./-]+:\d+):\d+/.exec(error.stack ?? '');
  return frame ? ` (${frame[1]})` : '';
}

function unexpected(error: unknown, scrub: Scrub): ApplicationFailure {
  const text =
    error instanceof Error
      ? `${error.name}: ${error.message}${originOf(error)}`
      : `${typeof error}: ${String(error)}`;
  return ApplicationFailure.create({
    message: cutMessage(scrub(text.replace(/\s+/g, ' '))),
    type: 'Unexpected',
    nonRetryable: false,
  });
}

/**
 * What may cross the activity border: a typed failure without secrets, stack and foreign objects. Activities throw
 * typed failures themselves; this is the net below them (an AxiosError, for one, carries the token in its request).
 */
export function scrubFailure(error: unknown, scrub: Scrub): unknown {
  if (isControlFlow(error)) return error;
  const clean =
    error instanceof ApplicationFailure
      ? ApplicationFailure.create({
          message: cutMessage(scrub(error.message)),
          type: error.type ?? 'Unexpected',
          nonRetryable: error.nonRetryable ?? false,
          details: (error.details ?? []).map((detail) => scrubDeep(detail, scrub)),
          nextRetryDelay: error.nextRetryDelay ?? undefined,
          category: error.category ?? undefined,
        })
      : unexpected(error, scrub);
  // The stack goes into history and log with every attempt; the message says where.
  clean.stack = `${clean.name}: ${clean.message}`;
  return clean;
}

export function scrubFailures(scrub: Scrub): ActivityInterceptorsFactory {
  return () => ({
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          throw scrubFailure(error, scrub);
        }
      },
    },
  });
}
