import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  isGrpcServiceError,
  NamespaceNotFoundError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { untilItWasRead } from '../contract/index.js';
import { TemporalUnreachableError } from './errors.js';

/** A Temporal client with what the library knows about it. */
export interface Session {
  client: Client;
  namespace: string;
  /** For messages; a caller's own client does not tell its address. */
  address: string;
  webBase: string | null;
}

const GRPC = {
  notFound: 5,
  cancelled: 1,
  deadline: 4,
  failedPrecondition: 9,
  permission: 7,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
};
const CALL_MS = 10_000;

/**
 * One call of Temporal with a deadline, failures of the connection as {@link TemporalUnreachableError}.
 * Everything else is thrown as the SDK threw it.
 */
export async function call<T>(
  session: Session,
  run: () => Promise<T>,
  o: { deadlineMs?: number; signal?: AbortSignal } = {},
): Promise<T> {
  o.signal?.throwIfAborted();
  const timed = (): Promise<T> =>
    session.client.withDeadline(Date.now() + (o.deadlineMs ?? CALL_MS), () => untilItWasRead(run, sleep));
  // The SDK leaves its listener on the signal it is given: a signal of this call alone takes it away with it.
  const own = new AbortController();
  const abort = (): void => own.abort(o.signal?.reason);
  o.signal?.addEventListener('abort', abort, { once: true });
  try {
    return o.signal ? await session.client.withAbortSignal(own.signal, timed) : await timed();
  } catch (error) {
    o.signal?.throwIfAborted();
    throw connectionError(error, session) ?? error;
  } finally {
    o.signal?.removeEventListener('abort', abort);
  }
}

/** The same failure as an error of ours, where it is one of the connection or the namespace. */
function connectionError(error: unknown, session: Session): TemporalUnreachableError | null {
  if (error instanceof NamespaceNotFoundError) return noSuchNamespace(session);
  switch (grpcCode(error)) {
    case GRPC.unavailable:
      return new TemporalUnreachableError(session.address, 'it cannot be reached.');
    case GRPC.unauthenticated:
    case GRPC.permission:
      return new TemporalUnreachableError(
        session.address,
        `it does not let us into the namespace ${session.namespace}.`,
        'Check TEMPORAL_API_KEY or the TLS settings (TEMPORAL_TLS_…) and the rights of the key on the namespace.',
      );
    case GRPC.notFound:
      // Raw service calls do not know the SDK's NamespaceNotFoundError.
      return /^\d* ?(NOT_FOUND: )?Namespace .*not found/i.test((error as Error).message)
        ? noSuchNamespace(session)
        : null;
    default:
      return null;
  }
}

function noSuchNamespace(session: Session): TemporalUnreachableError {
  return new TemporalUnreachableError(
    session.address,
    `it has no namespace ${JSON.stringify(session.namespace)}.`,
    'Set TEMPORAL_NAMESPACE to one that exists, or create it: temporal operator namespace create.',
  );
}

/** The gRPC status of an error, wherever the SDK put it; `null` for what is no answer of the service. */
export function grpcCode(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  const cause = (error as { cause?: unknown } | null)?.cause;
  return isGrpcServiceError(cause) ? cause.code : null;
}

/**
 * The call's own deadline passed: the server waits for a worker that does not come. A server whose clock is a moment quicker
 * resets the call, which then reads as cancelled; what the caller itself breaks off ends by its signal ({@link call}).
 */
export function isDeadline(error: unknown): boolean {
  const code = grpcCode(error);
  return code === GRPC.deadline || code === GRPC.cancelled;
}

/** The server takes no update for a run whose tasks fail or time out: who works on it does not get on. */
export function standsStill(error: unknown): boolean {
  return grpcCode(error) === GRPC.failedPrecondition && /Workflow Task in failed state/.test(String(error));
}

/** An update or query got no answer in its time; an update's own loop ends as "cancelled" where the deadline cut it. */
export function isUnanswered(error: unknown): boolean {
  return isDeadline(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
}

/**
 * The run is not known to the server, or has closed. Raw service calls, and an update-with-start whose run was ended before it
 * took the update, do not know the SDK's own error.
 */
export function isUnknownRun(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcCode(error) === GRPC.notFound;
}

/** The server does not know the call, e.g. the time-skipping server, which has no visibility list. */
export function isUnimplemented(error: unknown): boolean {
  return grpcCode(error) === GRPC.unimplemented;
}
