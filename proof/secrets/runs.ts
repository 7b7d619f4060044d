import { inspect } from 'node:util';
import type { Client } from '@temporalio/client';
import { TASK_QUEUES } from '../../contract/index.js';
import { allRuns } from '../../testing/index.js';
import type { Look } from './look.js';

/** Of a journey with forty hosts and all its commands. */
const MANY = 350;

function countedByKind(runs: readonly { workflowId: string }[]): string {
  const counts = new Map<string, number>();
  for (const { workflowId } of runs) {
    const kind = workflowId.split('/').slice(0, 2).join('/');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, n]) => `${kind} ${n}`).join(', ');
}

/** Every run of the namespace as the server has it, and who polls its queues. */
export async function lookAtRuns(client: Client, look: Look): Promise<void> {
  const runs = await allRuns(client, 'default');
  if (runs.length < 5) throw new Error(`${runs.length} runs are no journey.`);
  if (runs.length > MANY) throw new Error(`Far too many runs were started: ${countedByKind(runs)}`);
  for (const { workflowId, runId } of runs) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory();
    const message = history.constructor as unknown as { encode(of: unknown): { finish(): Uint8Array } };
    const { raw, memo, searchAttributes } = await handle.describe();
    const all = [
      JSON.stringify(history),
      JSON.stringify(raw),
      inspect([memo, searchAttributes], { depth: 20 }),
    ];
    look.at(
      'run',
      workflowId,
      Buffer.concat([message.encode(history).finish(), Buffer.from(all.join('\n'))]),
    );
  }
  for (const name of Object.values(TASK_QUEUES)) {
    const queue = await client.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name },
      taskQueueType: 2,
    });
    look.at('run', `queue ${name}`, JSON.stringify(queue));
  }
}
