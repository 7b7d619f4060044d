import type { LiveProcess } from '../../cb-response/index.js';
import type { KillInstance } from '../../contract/index.js';
import type { ProcessList } from './commands.js';
import type { KillRun } from './kill-run.js';

/** A pid may belong to another process by now when the list that showed it is older than this, in milliseconds. */
const LIST_IS_GOOD_MS = 1_000;
/** A gap between list and kill above this is told of in words, in milliseconds. */
const LONG_GAP_MS = 5_000;
/** Most pids that one note names. */
const NAMED = 5;

/**
 * Whether a kill may go by this list: it is of the session that is used, young, no kill since has met a pid that was gone,
 * which would show that the host has moved on, and no other run of this worker has killed there since.
 */
export async function isGood(
  run: KillRun,
  list: ProcessList,
  since: { killed: KillInstance | null; kills: number },
): Promise<boolean> {
  if (run.activeSession !== list.sessionId || since.killed?.noSuchPid === true) return false;
  if (run.deps.killTurns.killsOn(run.input.target.sensorId) !== list.killsBefore + since.kills) return false;
  const age = (await run.now()) - list.at;
  // A list of a time that is still to come is of before the clock was set back: as old as it may be.
  return age >= 0 && age <= LIST_IS_GOOD_MS;
}

/** Whether an entry of a list is this very instance, under the pid that a kill would name. */
export function isShown(entry: LiveProcess, { guid, pid }: LiveProcess): boolean {
  return entry.guid === guid && entry.pid === pid;
}

/** What the receipt has to say of kills that came late after their list, or nobody knows how late: nothing excludes that they met somebody else. */
export function noteLongGaps(run: KillRun): void {
  const late = run.progress.instances.filter(
    (i) => i.kills.length > 0 && (i.gapMs ?? Infinity) > LONG_GAP_MS,
  );
  if (late.length === 0) return;
  const pids = late.slice(0, NAMED).map(
    ({ pid, gapMs }) =>
      // The answer came to nobody: its worker died, or the session went away under it.
      `pid ${pid} (${gapMs === null || gapMs === undefined ? 'the time between list and kill is not known' : `up to ${(gapMs / 1_000).toFixed(1)} s`})`,
  );
  const rest = late.length - pids.length;
  run.note(
    `The server kills by pid, and between list and kill time passed: ${pids.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}. ` +
      'A pid that was given to another program in that time means that program was killed.',
  );
}
