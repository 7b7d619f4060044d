import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { TASK_QUEUES } from '../contract/index.js';

/** temporal.api.enums.v1.TaskQueueType */
const WORKFLOW = 1;
const ACTIVITY = 2;
const PATIENCE_MS = 2_000;

/** The name a worker of this process has among a queue's pollers. */
export const identity = `${process.pid}@${hostname()}`;

/**
 * Resolves once the server itself counts this process among the pollers of every queue, so that "ready" is true when
 * it is said. A server that does not tell (or a right that is missing) is not worth waiting for: two seconds at most.
 */
export async function untilPolling(
  connection: NativeConnection,
  namespace: string,
  taskQueues: readonly string[],
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const polls = taskQueues.map((name) => ({ name, taskQueueType: ACTIVITY }));
  // Clients ask for somebody who takes workflow tasks, and that poll may be the later one.
  const waiting = new Set([...polls, { name: TASK_QUEUES.main, taskQueueType: WORKFLOW }]);
  while (waiting.size > 0 && Date.now() < deadline) {
    for (const poll of waiting) {
      try {
        const { pollers } = await connection.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: poll.name },
          taskQueueType: poll.taskQueueType,
        });
        if (pollers?.some((poller) => poller.identity === identity)) waiting.delete(poll);
      } catch {
        return;
      }
    }
    if (waiting.size > 0) await sleep(10);
  }
}
