import type { Context } from '@temporalio/activity';
import { isCbError, isLive } from '../../cb-response/index.js';
import type { KillProgress, SettleSessionInput, SettleSessionResult } from '../../contract/index.js';
import type { Deps } from '../deps.js';
import { failure } from '../failure.js';
import { sameServer } from '../frozen.js';
import { closeOwn } from './close-session.js';
import { isEnded } from './commands.js';
import { withoutBookkeeping } from './enumerate-and-kill.js';
import { collectPostedKills } from './posted-kills.js';
import { isOurs } from './session.js';

/** How long the last list is waited for: the session may have lost its sensor. */
const LAST_LIST_MS = 30_000;
const POLL_MS = 100;

/**
 * Looks after a session whose activity ended without a result, its worker dead during a cancel: adopts it, collects the
 * kills, lets one more list decide who is dead, and closes the session if it is ours.
 */
export async function settleSession(
  deps: Deps,
  context: Context,
  input: SettleSessionInput,
): Promise<SettleSessionResult> {
  const { target, progress } = input;
  sameServer(deps, target);
  if (progress === null) return { processes: [], liveMatches: null, listed: false, sessions: [] };
  const signal = context.cancellationSignal;
  const all = await deps.cb.liveResponse.sessions({ signal });
  const live = all.filter((s) => s.sensorId === target.sensorId && isLive(s));
  const session = live.find((s) => s.id === progress.sessionId) ?? live[0];
  if (session !== undefined) {
    await adoptIfOurs(deps, progress, session.id, signal);
    if (progress.sessionId === session.id && session.status === 'active') {
      await collectPostedKills(deps, progress, signal);
      await lastList(deps, progress, session.id, signal);
    }
    if (!(await closeOwn(deps, progress))) {
      throw failure(
        'ServerUnavailable',
        `Session ${session.id} of ${target.hostname} is still open; trying again.`,
      );
    }
  }
  return {
    processes: progress.instances.map(withoutBookkeeping),
    liveMatches: progress.listed ? progress.liveMatches : null,
    listed: progress.listed,
    sessions: progress.sessions,
  };
}

async function adoptIfOurs(
  deps: Deps,
  progress: KillProgress,
  sessionId: number,
  signal: AbortSignal,
): Promise<void> {
  if (progress.sessionId === sessionId || !(await isOurs(deps, progress, sessionId, signal))) return;
  progress.sessionId = sessionId;
  progress.sessionOurs = true;
  progress.sessions.push({ id: sessionId, ours: true, closed: false, why: null });
}

async function lastList(
  deps: Deps,
  progress: KillProgress,
  sessionId: number,
  signal: AbortSignal,
): Promise<void> {
  if (progress.instances.length === 0) return;
  try {
    const { liveResponse } = deps.cb;
    let command = await liveResponse.postCommand(sessionId, { name: 'process list' });
    const until = (await deps.clock.now()) + LAST_LIST_MS;
    while (!isEnded(command) && (await deps.clock.now()) < until) {
      command = (await liveResponse.command(sessionId, command.id, { wait: true }, { signal })) ?? command;
      if (!isEnded(command)) await deps.clock.sleep(POLL_MS, signal);
    }
    if (command.processes === null) return;
    const alive = new Set(command.processes.map((p) => p.guid));
    const at = new Date(await deps.clock.now()).toISOString();
    for (const instance of progress.instances) {
      if (alive.has(instance.guid) || instance.outcome === 'killed' || instance.outcome === 'already-gone')
        continue;
      const outcome = instance.kills.length > 0 && !instance.noSuchPid ? 'killed' : 'already-gone';
      Object.assign(instance, { outcome, why: null, at });
    }
    progress.liveMatches = progress.instances.filter((i) => alive.has(i.guid)).length;
  } catch (err) {
    if (!isCbError(err)) throw err;
  }
}
