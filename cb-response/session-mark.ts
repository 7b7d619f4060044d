import type { LiveSession } from './types.js';

/** How long a session may stay pending that nobody asked anything of (API reference 4.1), seconds. */
const DEFAULT_CHECKIN_TIMEOUT_S = 1_200;

/**
 * The `checkin_timeout` to ask for, whole seconds: never the server's own, so that a session tells whether it was asked for
 * (a session bears the name of nobody).
 */
export function checkinTimeoutFor(ms: number): number {
  const seconds = Math.ceil(ms / 1_000);
  return seconds === DEFAULT_CHECKIN_TIMEOUT_S ? seconds + 1 : seconds;
}

/** Whether the session may be the one that was asked for so. Where the server does not say how long it waits, it may. */
export function mayBeAskedFor(session: LiveSession, checkinTimeoutS: number): boolean {
  return session.checkinTimeoutS === null || session.checkinTimeoutS === checkinTimeoutS;
}
