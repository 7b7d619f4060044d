import { call, isUnimplemented, type Session } from './session.js';

// A worker's poll waits for up to a minute; who has not come back for longer is gone, and the server lists it still.
const FRESH_MS = 90_000;
export type PollerKind = 'workflow' | 'activity';

/** Identities of the workers that poll a task queue (`host` part of what they call themselves is up to them). */
export async function pollersOf(session: Session, taskQueue: string, kind: PollerKind): Promise<string[]> {
  const answer = await call(session, () =>
    session.client.workflowService.describeTaskQueue({
      namespace: session.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: kind === 'workflow' ? 1 : 2,
    }),
  );
  const oldest = Date.now() - FRESH_MS;
  return (answer.pollers ?? [])
    .filter((poller) => {
      const seconds = poller.lastAccessTime?.seconds;
      return seconds === null || seconds === undefined || Number(seconds) * 1_000 >= oldest;
    })
    .map((poller) => poller.identity ?? '');
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
