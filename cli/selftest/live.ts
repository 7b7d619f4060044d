import {
  cbKind,
  isLive,
  isPassing,
  type LiveCommand,
  type LiveProcess,
  type LiveSession,
  messageOf,
} from './cb.js';
import { type Hand, retryAfterOf, steady } from './hand.js';

/** The session went away under the work; what was done in it is looked up in another one. */
export class SessionGone extends Error {
  override readonly name = 'SessionGone';
}

/** Somebody else has a session of this host. */
export class SessionOfOthers extends Error {
  override readonly name = 'SessionOfOthers';
}

/** One Live Response command to its end. */
export interface Live {
  sessionId: number;
  /** Never twice: where the answer to its POST is lost, the session's own list tells what was posted. */
  run(body: { name: string; object?: string | number; [more: string]: unknown }): Promise<LiveCommand>;
  /** A fresh list; empty ones are never believed. */
  processes(): Promise<LiveProcess[]>;
}

export interface OpenOptions {
  sensorId: number;
  /** How long until it must be active, ms. */
  waitMs: number;
  commandMs: number;
  /** Use a session of somebody else, which is then not closed. */
  useOthers: boolean;
  /** Told of each session that is ours, and of each that is closed. */
  opened(id: number): void;
  closed(id: number): void;
}

const POLL_MS = 1_000;
const FULL_MS = 15_000;
/** How long a free session is waited for. */
const SLOT_MS = 600_000;
const COMMAND_POLL_MS = 250;
const POSTS = 5;
/** Sessions lost under one piece of work. */
const SESSIONS = 3;

/** Work in one session, which is closed after it if it is ours. Work whose session was lost begins anew in another one. */
export async function inSession<T>(hand: Hand, o: OpenOptions, work: (live: Live) => Promise<T>): Promise<T> {
  for (let left = SESSIONS - 1; ; left -= 1) {
    const { id, ours } = await openSession(hand, o);
    try {
      return await work(liveOf(hand, id, o.commandMs));
    } catch (error) {
      if (!(error instanceof SessionGone) || left === 0) throw error;
    } finally {
      if (ours)
        await closeSession({ ...hand, signal: undefined }, id).then(
          () => o.closed(id),
          () => undefined,
        );
    }
  }
}

export async function closeSession(hand: Hand, id: number): Promise<void> {
  await steady(hand, (call) => hand.cb.liveResponse.close(id, call));
}

/** Ids of the host's sessions that stand. */
export async function standing(hand: Hand, sensorId: number): Promise<number[]> {
  const all = await steady(hand, (call) => hand.cb.liveResponse.sessions(call));
  return (
    await trulyLive(
      hand,
      all.filter((s) => s.sensorId === sensorId),
    )
  ).map((s) => s.id);
}

/** A session that was closed may go on reading as it was (API reference 4.2); its commands are gone all the same. */
async function trulyLive(
  hand: Hand,
  sessions: readonly LiveSession[],
  known?: number,
): Promise<LiveSession[]> {
  const live: LiveSession[] = [];
  for (const session of sessions.filter(isLive)) {
    if (session.id === known || (await hasCommands(hand, session.id))) live.push(session);
  }
  return live;
}

async function hasCommands(hand: Hand, id: number): Promise<boolean> {
  try {
    await steady(hand, (call) => hand.cb.liveResponse.commands(id, call));
    return true;
  } catch (error) {
    const kind = cbKind(error);
    if (kind === 'not-found') return false;
    // Some servers know no commands of a session that is still pending.
    if (kind === 'conflict' || kind === 'refused') return true;
    throw error;
  }
}

async function openSession(hand: Hand, o: OpenOptions): Promise<{ id: number; ours: boolean }> {
  const { checkinTimeoutFor, mayBeAskedFor } = await import('../../cb-response/index.js');
  const { cb, clock, signal } = hand;
  // Sessions of others end by themselves after five minutes without a command.
  let end = (await clock.now()) + Math.max(o.waitMs, SLOT_MS);
  let hadSlot = false;
  const askedTimeoutS = checkinTimeoutFor(o.waitMs);
  /** Seen before our own POST: what is new after it, and may stay pending for as long as that asked, is ours (hazard H24). */
  let before: number[] | null = null;
  let mine: { id: number; ours: boolean } | null = null;
  let why = 'The sensor did not check in.';
  for (;;) {
    const all = await steady(hand, (call) => cb.liveResponse.sessions(call));
    const ofHost = all.filter((s) => s.sensorId === o.sensorId);
    const here: LiveSession[] = await trulyLive(hand, ofHost, mine?.id);
    const current = here.find((s) => s.id === mine?.id);
    if (mine !== null && current?.status === 'active') return mine;
    let pause = POLL_MS;
    if (current === undefined) {
      if (mine?.ours) o.closed(mine.id);
      mine = null;
      const found = here[0];
      if (found !== undefined) {
        const isNew: boolean = before !== null && !before.includes(found.id);
        const ours = isNew && mayBeAskedFor(found, askedTimeoutS);
        if (!ours && !o.useOthers)
          throw new SessionOfOthers(`Session ${found.id} of this host is somebody else's.`);
        mine = { id: found.id, ours };
        if (ours) o.opened(found.id);
        pause = 0;
      } else {
        before = all.map((s) => s.id);
        try {
          const opened = await cb.liveResponse.open(
            o.sensorId,
            { checkinTimeoutS: askedTimeoutS },
            { signal },
          );
          mine = { id: opened.id, ours: true };
          // Once: a session that timed out is no reason to wait anew.
          if (!hadSlot) end = (await clock.now()) + o.waitMs;
          hadSlot = true;
          o.opened(opened.id);
        } catch (error) {
          const kind = cbKind(error);
          if (kind !== 'too-many-sessions' && kind !== 'second-session' && !isPassing(error)) throw error;
          why = messageOf(error);
          if (kind === 'too-many-sessions') pause = FULL_MS;
          pause = Math.max(pause, retryAfterOf(error));
        }
      }
    }
    if ((await clock.now()) >= end) {
      if (mine?.ours) {
        const { id } = mine;
        await closeSession({ ...hand, signal: undefined }, id).then(
          () => o.closed(id),
          () => undefined,
        );
      }
      throw new Error(`No Live Response session in time: ${why}`);
    }
    await clock.sleep(pause, signal);
  }
}

function liveOf(hand: Hand, sessionId: number, commandMs: number): Live {
  const { cb, clock } = hand;
  const known = new Set<number>();
  const run: Live['run'] = async (body) => {
    const posted = await postOnce(hand, sessionId, known, body);
    known.add(posted.id);
    const end = (await clock.now()) + commandMs;
    for (let command: LiveCommand | null = posted; ;) {
      if (command === null) throw new SessionGone(`Session ${sessionId} ended under '${body.name}'.`);
      if (!['pending', 'in progress', 'inprogress'].includes(command.status)) return command;
      if ((await clock.now()) >= end)
        throw new Error(`'${body.name}' was not done within ${commandMs / 1_000} s.`);
      await clock.sleep(COMMAND_POLL_MS, hand.signal);
      command = await steady(hand, (call) =>
        cb.liveResponse.command(sessionId, posted.id, { wait: true }, call),
      );
    }
  };
  return {
    sessionId,
    run,
    processes: async () => {
      const { status, resultCode, processes } = await run({ name: 'process list' });
      if (status === 'complete' && (resultCode ?? 0) === 0 && processes && processes.length > 0)
        return processes;
      throw new Error(
        `The process list ended ${status} (code ${resultCode}), with ${processes?.length ?? 'no'} processes.`,
      );
    },
  };
}

async function postOnce(
  hand: Hand,
  sessionId: number,
  known: ReadonlySet<number>,
  body: Parameters<Live['run']>[0],
): Promise<LiveCommand> {
  const { cb, clock, signal } = hand;
  const gone = (error: unknown): never => {
    throw cbKind(error) === 'not-found' ? new SessionGone(`Session ${sessionId} is gone.`) : error;
  };
  const same = (c: LiveCommand): boolean =>
    !known.has(c.id) &&
    c.name === body.name &&
    (body.object === undefined || String(c.object) === String(body.object));
  // Somebody else's command of the same words must not be taken for ours.
  const earlier = (await steady(hand, (call) => cb.liveResponse.commands(sessionId, call)).catch(gone)).map(
    (c) => c.id,
  );
  for (let left = POSTS - 1; ; left -= 1) {
    try {
      return await cb.liveResponse.postCommand(sessionId, body, { signal });
    } catch (error) {
      if (!isPassing(error) || left === 0) return gone(error);
      await clock.sleep(Math.max(POLL_MS, retryAfterOf(error)), signal);
      const all = await steady(hand, (call) => cb.liveResponse.commands(sessionId, call)).catch(gone);
      const posted = all.find((c) => !earlier.includes(c.id) && same(c));
      if (posted !== undefined) return posted;
    }
  }
}
