import { setTimeout as sleep } from 'node:timers/promises';
import { call, isUnimplemented, type Session } from './session.js';

// A worker's poll waits for up to a minute; who has not come back for longer is gone, and the server lists it still.
const FRESH_MS = 90_000;
export type PollerKind = 'workflow' | 'activity';

/** A worker that has more to do than it can takes its next task within this time. */
const LOOKS = 6;
const LOOK_EVERY_MS = 500;

interface Poller {
  identity: string;
  /** When it polled last, ms on the server's clock; `null` where the server does not say. */
  at: number | null;
}

/** Identities of the workers that poll a task queue (`host` part of what they call themselves is up to them). */
export async function pollersOf(session: Session, taskQueue: string, kind: PollerKind): Promise<string[]> {
  const oldest = Date.now() - FRESH_MS;
  const all = await listed(session, taskQueue, kind);
  return all.filter(({ at }) => at === null || at >= oldest).map(({ identity }) => identity);
}

async function listed(session: Session, taskQueue: string, kind: PollerKind): Promise<Poller[]> {
  const answer = await call(session, () =>
    session.client.workflowService.describeTaskQueue({
      namespace: session.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: kind === 'workflow' ? 1 : 2,
    }),
  );
  return (answer.pollers ?? []).map(({ identity, lastAccessTime: last }) => ({
    identity: identity ?? '',
    at: last?.seconds == null ? null : Number(last.seconds) * 1_000 + (last.nanos ?? 0) / 1e6,
  }));
}

/**
 * Whether a worker that has not answered works all the same, and has too much to do: then it polls anew all the time. The
 * server lists one that died, too, for minutes, with its last poll; one that was cut off without a word counts as busy where that
 * poll happens to run out just now (once a minute): who waits for its run is told later.
 */
export async function someoneIsBusy(
  session: Session,
  taskQueue: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const latest = async (): Promise<number> =>
    Math.max(0, ...(await listed(session, taskQueue, 'workflow')).map(({ at }) => at ?? 0));
  try {
    const before = await latest();
    for (let look = 0; look < LOOKS; look += 1) {
      await sleep(LOOK_EVERY_MS, undefined, { signal });
      if ((await latest()) > before) return true;
    }
    return false;
  } catch (error) {
    if (isUnimplemented(error)) return false;
    throw error;
  }
}

/** Whether a worker is there. A server that cannot tell is taken at its best: the call itself then shows. */
export async function someonePolls(session: Session, taskQueue: string): Promise<boolean> {
  try {
    return (await pollersOf(session, taskQueue, 'workflow')).length > 0;
  } catch (error) {
    // The time-skipping test server describes no task queue.
    if (isUnimplemented(error)) return true;
    throw error;
  }
}
