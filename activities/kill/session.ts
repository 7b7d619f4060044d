import { isCbError, isLive, type LiveSession } from '../../cb-response/index.js';
import type { Checkin, EnumerateAndKillResult, KillProgress, SessionReport } from '../../contract/index.js';
import { remember } from '../border.js';
import type { KillRun } from './kill-run.js';
import { FOUND_AGAIN, isOurs, mayBeOurs, NOT_OURS } from './own-session.js';

/** Sessions of a server that we leave to analysts: at so many, pending ones included, we wait (hazard H23). */
const SESSIONS_WE_USE = 8;
const SHORTEST_POLL_MS = 25;
const FAST_POLL_MS = 250;
const SLOW_POLL_MS = 1_000;
/** So long after an expected check-in it may still be on its way. */
const AFTER_CHECKIN_MS = 1_500;

/** Sees to it that `progress.sessionId` is an active session of the sensor: found again, adopted, or opened. */
export async function haveSession(run: KillRun): Promise<number> {
  const { progress, input } = run;
  if (run.activeSession !== null && run.activeSession === progress.sessionId) return run.activeSession;
  for (;;) {
    await run.requireTime();
    const all = await run.deps.cb.liveResponse.sessions({ signal: run.signal });
    const mine = all.filter((s) => s.sensorId === input.target.sensorId && !run.gone.has(s.id));
    const current = mine.find((s) => s.id === progress.sessionId);
    run.reached ||= current !== undefined && isLive(current);
    if (current?.status === 'active') {
      run.activeSession = current.id;
      return current.id;
    }
    if (current?.status === 'pending') {
      await run.sleep(pollEvery(input.checkin, await run.now()));
      continue;
    }
    if (progress.sessionId !== null) forget(run, progress.sessionId, 'It ended before we closed it.');
    const live = mine.filter(isLive);
    const [found] = live;
    if (found === undefined) await open(run, all);
    else await adopt(run, live.find((one) => mayBeOurs(progress, one)) ?? found);
  }
}

/** Any session of the sensor is used; one that is not known to be ours is never closed (hazard H24). */
async function adopt(run: KillRun, session: LiveSession): Promise<void> {
  const { progress } = run;
  const ours = await isOurs(run.deps, progress, session, run.signal);
  take(progress, session.id, ours, ours ? FOUND_AGAIN : NOT_OURS);
  progress.slotAt ??= await run.now();
  await run.checkpoint();
}

async function open(run: KillRun, all: readonly LiveSession[]): Promise<void> {
  const { progress, input } = run;
  // What was asked for before, and not answered, has opened none that the list shows; it may still be on its way.
  const mayComeLate = progress.sessionsBefore !== null;
  progress.sessionsBefore = null;
  const taken = all.filter((s) => isLive(s) && !run.gone.has(s.id)).length;
  if (taken >= SESSIONS_WE_USE) await run.waitForSlot(`${taken} Live Response sessions stand on the server.`);
  progress.sessionsBefore = all.map((s) => s.id);
  try {
    await run.checkpoint();
    await run.requireTime();
  } catch (err) {
    // Nothing was asked for: what appears from now on is somebody else's.
    progress.sessionsBefore = null;
    remember(run.context, progress);
    throw err;
  }
  try {
    const opened = await run.deps.cb.liveResponse.open(input.target.sensorId, {
      checkinTimeoutS: progress.askedTimeoutS ?? undefined,
    });
    take(progress, opened.id, true, null);
    await run.opened();
    progress.slotAt ??= await run.now();
    await run.checkpoint();
  } catch (err) {
    if (!isCbError(err)) throw err;
    // An answer that refuses says that nothing was opened: what appears from now on is not ours, unless the request before
    // came late. One that is garbled, or of a server in trouble, does not.
    const refused = err.status !== null && err.status >= 300 && err.status < 500;
    // Nobody was reached: nothing was asked for.
    const nothingAsked = refused || isCbError(err, 'unreachable', 'tls');
    if (nothingAsked && !mayComeLate) progress.sessionsBefore = null;
    if (isCbError(err, 'too-many-sessions')) {
      progress.sessionsBefore = null;
      await run.waitForSlot('All Live Response sessions of the server are taken.');
    }
    // After a 5xx the session that is in the way may be our own: the open acted, and only its answer failed.
    if (isCbError(err, 'second-session')) return await run.sleep(FAST_POLL_MS);
    throw err;
  }
}

/** What a search for the session needs that a request without a readable answer may have opened; `null`: there was none. */
export function openWithoutAnswer(progress: KillProgress): EnumerateAndKillResult['lostOpen'] {
  const { sessionId, sessionsBefore, askedTimeoutS, username } = progress;
  return sessionId === null && sessionsBefore !== null ? { sessionsBefore, askedTimeoutS, username } : null;
}

function take(progress: KillProgress, id: number, ours: boolean, why: string | null): void {
  progress.sessionId = id;
  progress.sessionOurs = ours;
  const report: SessionReport = { id, ours, closed: false, why };
  progress.sessions = [...progress.sessions.filter((s) => s.id !== id), report];
}

/** The session is gone; the next one is found or opened anew. */
export function forget(run: KillRun, sessionId: number, why: string): void {
  const report = run.progress.sessions.find((s) => s.id === sessionId);
  if (report !== undefined) Object.assign(report, { closed: true, why });
  run.gone.add(sessionId);
  run.activeSession = null;
  run.progress.sessionId = null;
  run.progress.sessionOurs = false;
  run.progress.sessionsBefore = null;
}

/**
 * When to look at a pending session again: half-way to the check-in that is expected next, at least every second, and about
 * that moment and just after it every hundredth of the interval, so that the look itself adds next to nothing.
 */
export function pollEvery(checkin: Checkin, now: number): number {
  const { intervalMs, nextAt } = checkin;
  const fast = Math.min(FAST_POLL_MS, Math.max(SHORTEST_POLL_MS, intervalMs / 100));
  if (nextAt === null) return fast;
  const late = now - nextAt;
  // A look a moment too early must not cost half an interval.
  if (late > 0 && late % intervalMs < Math.min(AFTER_CHECKIN_MS, intervalMs / 5)) return fast;
  const untilNext = late <= 0 ? -late : intervalMs - (late % intervalMs);
  return Math.round(Math.min(SLOW_POLL_MS, Math.max(fast, untilNext / 2)));
}
