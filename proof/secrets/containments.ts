import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { TASK_QUEUES, WORKFLOW_TYPES } from '../../contract/index.js';
import { outcomeOf } from '../../testing/index.js';
import { hostName } from '../../test/workflows/support/hosts.js';

const LONGEST_MS = 40_000;

/** One containment a host, all at once; how they end is not asked here. What still waits after a time is cancelled. */
export async function containAll(client: Client, hosts: number): Promise<void> {
  const runs = Array.from({ length: hosts }, async (_, i) => {
    const handle = await client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
      workflowId: `contain/${hostName(i + 1).toLowerCase()}`,
      taskQueue: TASK_QUEUES.main,
      args: [
        {
          hostname: hostName(i + 1),
          processName: 'evil.exe',
          reason: 'proof',
          requestedBy: 'proof',
          ...(i % 2 === 0 ? { evidence: 'file' } : {}),
        },
      ],
    });
    const ended = await Promise.race([outcomeOf(handle), sleep(LONGEST_MS, null, { ref: false })]);
    if (ended === null) await handle.cancel().catch(() => undefined);
  });
  await Promise.all(runs);
}
