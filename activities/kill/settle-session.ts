import type { Context } from '@temporalio/activity';
import { isCbError, isLive, type LiveSession } from '../../cb-response/index.js';
import {
  killReport,
  type KillProgress,
  type SettleSessionInput,
  type SettleSessionResult,
} from '../../contract/index.js';
import type { Deps } from '../deps.js';
import { failure } from '../failure.js';
import { sameServer } from '../frozen.js';
import { closeOwn } from './close-session.js';
import { isEnded, wholeList } from './commands.js';
import { collectPostedKills } from './posted-kills.js';
import { killsOf } from './respawn.js';
import { FOUND_AGAIN, isOurs } from './own-session.js';

/** How long the last list is waited for: the session may have lost its sensor. */
const LAST_LIST_MS = 30_000;
/** Longest one of its reads is held; all waits together stay far below the activity's three minutes. */
const READ_MS = 10_000;
const POLL_MS = 100;

/**
 * Looks after a session whose activity ended without a result, its worker dead during a cancel: adopts it, collects the
 * kills, lets one more list decide who is dead, and closes the session if it is ours, whatever came of the rest.
 */
export async function settleSession(
  deps: Deps,
  context: Context,
  input: SettleSessionInput,
): Promise<SettleSessionResult> {
  const { target, progress } = input;
  sameServer(deps, target);
  if (progress === null)
    return { processes: [], liveMatches: null, listed: false, sessions: [], evidence: [] };
  const signal = context.cancellationSignal;
  const all = await deps.cb.liveResponse.sessions({ signal });
  const live = all.filter((s) => s.sensorId === target.sensorId && isLive(s));
  const session = await ourPart(deps, progress, live, signal);
  if (session !== undefined) {
    let closed = false;
    try {
      if (session.status === 'active') await lookOnceMore(deps, progress, session.id, signal);
    } finally {
      closed = await closeOwn(deps, progress);
    }
    if (!closed) {
      throw failure(
        'ServerUnavailable',
        `Session ${session.id} of ${target.hostname} is still open; trying again.`,
      );
    }
  }
  return {
    processes: progress.instances.map(killReport),
    liveMatches: progress.listed ? progress.liveMatches : null,
    listed: progress.listed,
    sessions: progress.sessions,
    evidence: progress.evidence,
    earlierKills: killsOf(progress),
  };
}

/**
 * The session that the activity used. Only where it knew of none, its POST never answered, another one may be ours; any
 * other session of the sensor is somebody else's, however new (hazard H24).
 */
async function ourPart(
  deps: Deps,
  progress: KillProgress,
  live: readonly LiveSession[],
  signal: AbortSignal,
): Promise<LiveSession | undefined> {
  const { sessionId } = progress;
  if (sessionId !== null) {
    const known = live.find((s) => s.id === sessionId);
    const report = progress.sessions.find((s) => s.id === sessionId);
    if (known === undefined && report !== undefined && !report.closed)
      Object.assign(report, { closed: true, why: 'It was gone already.' });
    return known;
  }
  for (const session of live) {
    if (!(await isOurs(deps, progress, session, signal))) continue;
    progress.sessionId = session.id;
    progress.sessionOurs = true;
    progress.sessions.push({ id: session.id, ours: true, closed: false, why: FOUND_AGAIN });
    return session;
  }
  return undefined;
}

/** What the kills said, and one last list. Where the server fails, what is known already stands. */
async function lookOnceMore(
  deps: Deps,
  progress: KillProgress,
  sessionId: number,
  signal: AbortSignal,
): Promise<void> {
  if (progress.instances.length === 0) return;
  try {
    await collectPostedKills(deps, progress, signal);
    await lastList(deps, progress, sessionId, signal);
  } catch (err) {
    if (!isCbError(err)) throw err;
  }
}

async function lastList(
  deps: Deps,
  progress: KillProgress,
  sessionId: number,
  signal: AbortSignal,
): Promise<void> {
  const { liveResponse } = deps.cb;
  const read = { signal, timeoutMs: READ_MS };
  let command = await liveResponse.postCommand(sessionId, { name: 'process list' });
  progress.username ??= command.username;
  const until = (await deps.clock.now()) + LAST_LIST_MS;
  while (!isEnded(command) && (await deps.clock.now()) < until) {
    command = (await liveResponse.command(sessionId, command.id, { wait: true }, read)) ?? command;
    if (!isEnded(command)) await deps.clock.sleep(POLL_MS, signal);
  }
  const processes = wholeList(command);
  if (processes === null) return;
  const alive = new Set(processes.map((p) => p.guid));
  const at = new Date(await deps.clock.now()).toISOString();
  for (const instance of progress.instances) {
    if (alive.has(instance.guid) || instance.outcome === 'killed' || instance.outcome === 'already-gone')
      continue;
    const wasKilled = instance.kills.length > 0 && !instance.noSuchPid && !instance.denied;
    const outcome = wasKilled ? 'killed' : 'already-gone';
    Object.assign(instance, { outcome, why: null, at });
  }
  progress.liveMatches = progress.instances.filter((i) => alive.has(i.guid)).length;
}
