import { isCbError, type LiveSession, mayBeAskedFor } from '../../cb-response/index.js';
import type { KillProgress } from '../../contract/index.js';
import type { Deps } from '../deps.js';

/** Why a session counts as ours though no answer named it: looked at once more before it is closed. */
export const FOUND_AGAIN = 'Opened by a request whose answer was lost, and found again.';
export const NOT_OURS = 'Somebody else’s, as far as the server tells: used, and not closed.';

/** A session that may be what our POST opened whose answer never came, and in which nobody else has posted a command. */
export async function isOurs(
  deps: Deps,
  progress: KillProgress,
  session: LiveSession,
  signal?: AbortSignal,
): Promise<boolean> {
  return mayBeOurs(progress, session) && (await isUsedByNobodyElse(deps, progress, session.id, signal));
}

/**
 * New since the list made before our POST, and pending for as long as that asked: before the first command in it nothing else
 * tells it from one that somebody opened meanwhile (hazard H24).
 */
export function mayBeOurs({ sessionsBefore, askedTimeoutS }: KillProgress, session: LiveSession): boolean {
  if (sessionsBefore === null || sessionsBefore.includes(session.id)) return false;
  return askedTimeoutS == null || mayBeAskedFor(session, askedTimeoutS);
}

export async function isUsedByNobodyElse(
  deps: Deps,
  progress: KillProgress,
  sessionId: number,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const commands = await deps.cb.liveResponse.commands(sessionId, { signal });
    return commands.every((c) => c.username === null || c.username === progress.username);
  } catch (err) {
    if (isCbError(err, 'not-found', 'conflict', 'refused')) return true;
    throw err;
  }
}
