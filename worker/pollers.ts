import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';

/** temporal.api.enums.v1.TaskQueueType */
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
  const waiting = new Set(taskQueues);
  while (waiting.size > 0 && Date.now() < deadline) {
    for (const name of waiting) {
      try {
        const { pollers } = await connection.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name },
          taskQueueType: ACTIVITY,
        });
        if (pollers?.some((poller) => poller.identity === identity)) waiting.delete(name);
      } catch {
        return;
      }
    }
    if (waiting.size > 0) await sleep(10);
  }
}
