import { isCbError, type LiveCommand, type LiveProcess } from '../../cb-response/index.js';
import { failure } from '../failure.js';
import type { KillRun } from './kill-run.js';
import { forget, haveSession } from './session.js';

/** The session went away under a command; the caller goes on with another one. */
export class SessionGone extends Error {
  override readonly name = 'SessionGone';
}

const POLL_MS = 100;
/** Longest that one look at a command is held where its end is waited for until a given time only. */
const HELD_MS = 20_000;
/** Every look has at least this much time. */
const READ_MS = 2_000;
/** Pause after a list that failed. */
const LIST_AGAIN_MS = 2_000;

/** A list tells who has which pid for a moment only, and in its own session. */
export interface ProcessList {
  processes: LiveProcess[];
  sessionId: number;
  /** When it was asked for, and when it came, in epoch milliseconds: what it shows is of some moment between. */
  askedAt: number;
  at: number;
  /** Kills of this worker on the host that had ended when it was asked for. */
  killsBefore: number;
}

/** Of a command with a time of its own no end was seen, or no answer to its POST (`null`): it may still be under way. */
export class NotEndedYet extends Error {
  override readonly name = 'NotEndedYet';

  constructor(
    readonly command: LiveCommand | null,
    why = 'it was not done in time.',
  ) {
    super(`No end of the command was seen: ${why}`);
  }
}

/**
 * Posts a command and waits for its end, `until` in epoch milliseconds at most ({@link NotEndedYet} then). A POST is never
 * broken off: whether it acted must be known.
 */
export async function runCommand(
  run: KillRun,
  body: { name: string; object?: string | number },
  posted: (command: LiveCommand) => void = () => undefined,
  until: number | null = null,
): Promise<LiveCommand> {
  const sessionId = await haveSession(run);
  await run.requireTime();
  return await inSession(run, sessionId, async () => {
    const posting = run.deps.cb.liveResponse.postCommand(sessionId, body);
    const command = await (until === null ? posting : posting.catch(orUnknown));
    run.progress.username ??= command.username;
    posted(command);
    return await ended(run, sessionId, command, until);
  });
}

/** A POST that was not refused may have acted, whatever became of its answer. */
function orUnknown(err: unknown): never {
  if (isCbError(err) && (err.status === null || err.status < 300 || err.status >= 500))
    throw new NotEndedYet(null, err.message);
  throw err;
}

/** The end of such a command that an attempt before this one posted in the same session, or `null`: there is none. */
export async function endOfEarlier(
  run: KillRun,
  body: { name: string; object: string },
  until: number,
): Promise<LiveCommand | null> {
  if (run.context.info.attempt === 1) return null;
  const sessionId = await haveSession(run);
  return await inSession(run, sessionId, async () => {
    const commands = await run.deps.cb.liveResponse.commands(sessionId, { signal: run.signal });
    const earlier = commands.filter((c) => c.name === body.name && c.object === body.object).at(-1);
    return earlier === undefined ? null : await ended(run, sessionId, earlier, until);
  });
}

async function inSession<T>(run: KillRun, sessionId: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    if (!(err instanceof SessionGone) && !isCbError(err, 'not-found')) throw err;
    forget(run, sessionId, 'It ended while a command ran.');
    throw new SessionGone(`Session ${sessionId} is gone.`);
  }
}

async function ended(
  run: KillRun,
  sessionId: number,
  posted: LiveCommand,
  until: number | null,
): Promise<LiveCommand> {
  let command: LiveCommand | null = posted;
  while (!isEnded(command)) {
    await run.requireTime();
    const leftMs = until === null ? null : until - (await run.now());
    if (leftMs !== null && leftMs <= 0) throw new NotEndedYet(command);
    const timeoutMs = leftMs === null ? undefined : Math.min(HELD_MS, Math.max(READ_MS, leftMs));
    try {
      command = await run.deps.cb.liveResponse.command(
        sessionId,
        posted.id,
        { wait: true },
        { signal: run.signal, timeoutMs },
      );
    } catch (err) {
      if (until === null || !isCbError(err) || err.kind === 'not-found') throw err;
      throw new NotEndedYet(posted, err.message);
    }
    if (command === null) throw new SessionGone(`Session ${sessionId} is gone.`);
    if (!isEnded(command)) await run.sleep(POLL_MS);
  }
  return command;
}

/** Anything but waiting: a cancelled command is polled for ever by clients that know `error` only (API reference 4.5). */
export function isEnded(command: LiveCommand): boolean {
  return command.status !== 'pending' && command.status !== 'in progress' && command.status !== 'inprogress';
}

/**
 * The processes of a list that can be believed, else `null`: a host that is alive lists at least its own sensor, so a list
 * that failed or is empty must not count as "everything is dead".
 */
export function wholeList(command: LiveCommand): LiveProcess[] | null {
  const ok = command.status === 'complete' && (command.resultCode ?? 0) === 0;
  return ok && command.processes !== null && command.processes.length > 0 ? command.processes : null;
}

/** One fresh process list. One that failed is tried again by Temporal. */
export async function listProcesses(run: KillRun): Promise<ProcessList> {
  // A session that has yet to come makes no list old.
  await haveSession(run);
  const askedAt = await run.now();
  const killsBefore = run.deps.killTurns.killsOn(run.input.target.sensorId);
  const command = await runCommand(run, { name: 'process list' });
  const processes = wholeList(command);
  if (processes === null) {
    throw failure(
      'ServerUnavailable',
      `The process list of ${run.input.target.hostname} ended ${command.status} (code ${command.resultCode}) with ` +
        `${command.processes?.length ?? 'no'} processes; trying again.`,
      { nextRetryDelay: LIST_AGAIN_MS },
    );
  }
  const at = await run.now();
  run.progress.listed = true;
  run.known.lastList = processes;
  run.progress.lastListAt = at;
  return { processes, sessionId: command.sessionId, askedAt, at, killsBefore };
}
