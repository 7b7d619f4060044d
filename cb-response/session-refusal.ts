import { CbError } from './errors.js';
import type { LiveSession } from './types.js';

/** Concurrent sessions of a server by default; pending ones count (API reference 4.1). */
export const SESSION_LIMIT = 10;

/** What a refused POST /session may mean besides its status (API reference 4.1, table 16 rows 1 and 2). */
export const AMBIGUOUS_STATUSES: readonly number[] = [404, 409, 500, 503];

const LIMIT_WORDS =
  /too many|max(imum)?\b|limit|concurrent|exhausted|no (more|free|available)( live response)? (sessions?|slots?)/i;
const SECOND_WORDS =
  /already|another session|second session|existing session|session (is )?(open|active|pending)|in use/i;

/** By the server's words alone; null when they do not decide. */
export function refusalByText(text: string | null): 'too-many-sessions' | 'second-session' | null {
  if (text === null) return null;
  if (SECOND_WORDS.test(text) && !/too many|limit|max/i.test(text)) return 'second-session';
  return LIMIT_WORDS.test(text) ? 'too-many-sessions' : null;
}

/** By the sessions that stand: one of this sensor is in the way, or all are taken. Null: neither. */
export function refusalBySessions(
  error: CbError,
  sensorId: number,
  sessions: readonly LiveSession[],
): CbError | null {
  const live = sessions.filter(isLive);
  const own = live.find((session) => session.sensorId === sensorId);
  if (own !== undefined) return secondSession(error, own.id);
  return live.length >= SESSION_LIMIT || error.status === 409 ? tooManySessions(error) : null;
}

export function isLive(session: LiveSession): boolean {
  return session.status === 'pending' || session.status === 'active';
}

export function secondSession(error: CbError, sessionId: number | null): CbError {
  return recast(error, 'second-session', {
    sessionId,
    what: 'the sensor has a Live Response session already',
    remedy: 'List the sessions and use that one; close it only if you opened it.',
  });
}

export function tooManySessions(error: CbError): CbError {
  return recast(error, 'too-many-sessions', {
    sessionId: null,
    what: 'all Live Response sessions of the server are taken',
    remedy: 'Wait until one is closed, then try again.',
  });
}

function recast(
  error: CbError,
  kind: 'second-session' | 'too-many-sessions',
  said: { what: string; remedy: string; sessionId: number | null },
): CbError {
  const { status, method, path, serverText, retryAfterMs } = error;
  const words = serverText === null ? '' : `, it says '${serverText}'`;
  return new CbError({
    ...said,
    what: `${said.what} (the server answered ${status}${words})`,
    kind,
    status,
    method,
    path,
    serverText,
    retryAfterMs,
  });
}
