import { isCbError, type LiveCommand } from '../../cb-response/index.js';
import type { KillProgress } from '../../contract/index.js';
import type { Deps } from '../deps.js';
import { isEnded } from './commands.js';
import { judge } from './rounds.js';

/** Longest wait for kills that have not ended yet, all together; the next list says what came of them. */
const KILL_WAIT_MS = 10_000;

/**
 * What was killed already is on the session's own command list: after a crash the kills whose answers were never read are
 * found there, so that nothing is killed or counted twice.
 */
export async function collectPostedKills(
  deps: Deps,
  progress: KillProgress,
  signal?: AbortSignal,
): Promise<void> {
  const { sessionId } = progress;
  if (sessionId === null || progress.instances.length === 0) return;
  let commands: LiveCommand[];
  try {
    commands = await deps.cb.liveResponse.commands(sessionId, { signal });
  } catch (err) {
    if (isCbError(err, 'not-found')) return;
    throw err;
  }
  const known = new Set(
    progress.instances.flatMap((i) =>
      i.kills.filter((k) => k.sessionId === sessionId).map((k) => k.commandId),
    ),
  );
  const until = (await deps.clock.now()) + KILL_WAIT_MS;
  for (const posted of commands) {
    if (posted.name !== 'kill') continue;
    const pid = Number(posted.object);
    // The latest with that pid: an earlier one was gone before the pid could be given again.
    const instance = progress.instances.filter((i) => i.pid === pid).at(-1);
    if (instance === undefined || instance.outcome === 'killed' || instance.outcome === 'already-gone')
      continue;
    if (!known.has(posted.id)) {
      if (!isByUs(progress, posted)) continue;
      instance.kills.push({ sessionId, commandId: posted.id });
    }
    const command = isEnded(posted) ? posted : await endOf(deps, posted, until, signal);
    if (command !== null) judge(instance, command, new Date(await deps.clock.now()).toISOString());
  }
}

/** Whether a command on the session was posted by an attempt of this run. */
export function isByUs(progress: KillProgress, { username }: LiveCommand): boolean {
  const byOthers = username !== null && progress.username !== null && username !== progress.username;
  return !byOthers && (progress.sessionOurs || username === progress.username);
}

/** The command once it has ended; `null` where it has not by then, or is gone. */
async function endOf(
  deps: Deps,
  posted: LiveCommand,
  until: number,
  signal: AbortSignal | undefined,
): Promise<LiveCommand | null> {
  const timeoutMs = until - (await deps.clock.now());
  if (timeoutMs <= 0) return null;
  const { sessionId, id } = posted;
  const command = await deps.cb.liveResponse.command(sessionId, id, { wait: true }, { signal, timeoutMs });
  return command !== null && isEnded(command) ? command : null;
}
