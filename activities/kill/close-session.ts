import { isCbError, isLive } from '../../cb-response/index.js';
import { FAILURES, type KillProgress, type SessionReport } from '../../contract/index.js';
import type { Deps } from '../deps.js';
import { failureTypeOf } from '../failure.js';
import { FOUND_AGAIN, isOurs, isUsedByNobodyElse, NOT_OURS } from './own-session.js';

/** Pauses before a close whose outcome is not known is tried again. */
const CLOSE_AGAIN_MS = [500, 2_000, 5_000, 10_000];

/**
 * Closes the session if it is ours. Where the answer does not say whether it did, the server's list is looked at and the
 * close tried again, a few times: a session left open takes a slot of the server until it times out. What came of it is in
 * the report; throws nothing that is the server's. Returns false where trying again later may still help.
 */
export async function closeOwn(deps: Deps, progress: KillProgress): Promise<boolean> {
  const { sessionId } = progress;
  const report = progress.sessions.find((s) => s.id === sessionId);
  if (sessionId === null || report === undefined || report.closed) return true;
  if (!report.ours && !(await turnsOutOurs(deps, progress, report))) return true;
  const inferred = report.why === FOUND_AGAIN;
  for (const [tried, pause] of [0, ...CLOSE_AGAIN_MS].entries()) {
    try {
      if (tried > 0) await deps.clock.sleep(pause);
      // Whoever opened it may have shown by now.
      if (inferred && !(await isUsedByNobodyElse(deps, progress, sessionId))) {
        Object.assign(report, { ours: false, why: NOT_OURS });
        progress.sessionOurs = false;
        return true;
      }
      const stands = tried === 0 || (await isOpen(deps, sessionId));
      const answer = stands ? await deps.cb.liveResponse.close(sessionId) : 'closed';
      Object.assign(report, { closed: true, why: answer === 'gone' ? 'It was gone already.' : null });
      progress.sessionId = null;
      return true;
    } catch (err) {
      if (!isCbError(err)) throw err;
      report.why = `It could not be closed: ${err.message}`;
      if (FAILURES[failureTypeOf(err)].final) return true;
    }
  }
  return false;
}

/**
 * An attempt that takes over without a word of the one before does not know its own name yet, and takes for somebody else's
 * the commands that it finds in its own session. By now it has posted some itself.
 */
async function turnsOutOurs(deps: Deps, progress: KillProgress, report: SessionReport): Promise<boolean> {
  const { sessionsBefore, username } = progress;
  if (report.why !== NOT_OURS || username === null) return false;
  if (sessionsBefore === null || sessionsBefore.includes(report.id)) return false;
  try {
    const session = await deps.cb.liveResponse.session(report.id);
    if (session === null || !(await isOurs(deps, progress, session))) return false;
  } catch (err) {
    if (!isCbError(err)) throw err;
    return false;
  }
  Object.assign(report, { ours: true, why: FOUND_AGAIN });
  progress.sessionOurs = true;
  return true;
}

async function isOpen(deps: Deps, sessionId: number): Promise<boolean> {
  const sessions = await deps.cb.liveResponse.sessions();
  return sessions.some((s) => s.id === sessionId && isLive(s));
}
