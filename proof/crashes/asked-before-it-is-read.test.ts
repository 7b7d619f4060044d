import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Client, Connection } from '@temporalio/client';
import { workflowInterceptors } from '../../worker/index.js';
import { namespaceOfItsOwn } from '../../test/support/shared-dev-server.js';
import { waitFor } from '../../test/support/wait-for.js';

const QUEUE = 'reads-the-clock';
const RUNS = 8;
const QUERIES = 4;

let native: NativeConnection;
let client: Client;
let namespace: string;
before(async () => {
  const on = await namespaceOfItsOwn();
  namespace = on.namespace;
  native = await NativeConnection.connect({ address: on.server.address });
  client = new Client({ connection: await Connection.connect({ address: on.server.address }), namespace });
});
after(async () => {
  await client?.connection.close();
  await native?.close();
});

/** Tasks of a run that were answered: when each began; and whether one was not, and came again. */
async function tasksOf(handle: WorkflowHandle): Promise<{ times: number[]; timedOut: boolean }> {
  const { events } = await handle.fetchHistory();
  const all = events ?? [];
  const times = all.flatMap(({ workflowTaskCompletedEventAttributes: done }) => {
    const at = all.find(({ eventId }) => String(eventId) === String(done?.startedEventId))?.eventTime;
    return done == null || at == null ? [] : [Number(at.seconds) * 1_000 + Math.floor((at.nanos ?? 0) / 1e6)];
  });
  return { times, timedOut: all.some((e) => e.workflowTaskTimedOutEventAttributes != null) };
}

describe('A run that a worker is asked about before it has read it', () => {
  // Found by `npm run proof -- --part schedules` (3000): a lease could not be replayed any more.
  it('goes on at the time of its own task, as each replay of it will', async () => {
    const finish: (() => void)[] = [];
    const activities = await Worker.create({
      ...{ connection: native, namespace, taskQueue: 'reads-the-clock-activities' },
      activities: {
        work: async (n: number) => {
          if (finish[n] === undefined) await new Promise<void>((resolve) => (finish[n] = resolve));
        },
      },
    });
    const workflows = (): Promise<Worker> =>
      Worker.create({
        ...{ connection: native, namespace, taskQueue: QUEUE, stickyQueueScheduleToStartTimeout: '1s' },
        workflowsPath: fileURLToPath(new URL('./support/reads-the-clock.ts', import.meta.url)),
        interceptors: { workflowModules: workflowInterceptors() },
      });
    await activities.runUntil(async () => {
      const handles = await (
        await workflows()
      ).runUntil(async () => {
        const started = Array.from({ length: RUNS }, (_, n) =>
          client.workflow.start('readsTheClock', { taskQueue: QUEUE, workflowId: `clock-${n}`, args: [n] }),
        );
        await waitFor('every run to wait for its activity', () => finish.filter(Boolean).length === RUNS);
        return await Promise.all(started);
      });
      // Nobody has them in a cache now. What is asked waits for a worker, and so does what has happened since.
      await sleep(1_500);
      const asked = handles.flatMap((handle) =>
        Array.from({ length: QUERIES }, () => handle.query('time').catch((error: unknown) => error)),
      );
      await sleep(300);
      for (const end of finish) end();
      await sleep(300);
      await (
        await workflows()
      ).runUntil(async () => {
        await Promise.all(asked);
        let compared = 0;
        for (const handle of handles) {
          const times = (await handle.result()) as number[];
          const tasks = await tasksOf(handle);
          if (tasks.timedOut) continue;
          compared += 1;
          assert.deepEqual(times, tasks.times);
        }
        assert.ok(compared > 0, 'every run had a task that timed out');
      });
    });
  });
});
