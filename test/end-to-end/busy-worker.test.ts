import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Connection } from '@temporalio/client';
import { createPlaybookClient, type PlaybookClient, WorkerBusyError } from '../../client/index.js';
import { TASK_QUEUES } from '../../contract/index.js';
import { namespaceOfItsOwn } from '../support/shared-dev-server.js';
import { waitFor } from '../support/wait-for.js';

const REQUEST = { hostname: 'win7pro64', processName: 'vnc.exe' };
let connection: Connection;
let playbook: PlaybookClient;
let namespace: string;
let polling: Promise<void> | undefined;
const stop = new AbortController();

before(async () => {
  const on = await namespaceOfItsOwn();
  namespace = on.namespace;
  connection = await Connection.connect({ address: on.server.address });
  playbook = await createPlaybookClient({ address: on.server.address, namespace });
});
after(async () => {
  stop.abort();
  await polling?.catch(() => undefined);
  await playbook?.close();
  await connection?.close();
});

/** A worker that takes every task and never comes to answer one, and polls anew all the time. */
async function takesAllAnswersNone(): Promise<void> {
  const poll = { namespace, taskQueue: { name: TASK_QUEUES.main }, identity: 'busy' };
  while (!stop.signal.aborted) {
    await connection
      .withAbortSignal(AbortSignal.any([stop.signal, AbortSignal.timeout(300)]), () =>
        connection.withDeadline(Date.now() + 60_000, () =>
          connection.workflowService.pollWorkflowTaskQueue(poll),
        ),
      )
      .catch(() => undefined);
  }
}

describe('A worker that polls, and is too busy to answer', () => {
  it('is no missing worker: the run was started, and whoever started it waits for its receipt.', async () => {
    polling = takesAllAnswersNone();
    await waitFor('the worker to poll', async () => (await playbook.check()).pollers.workflows.length > 0);
    const run = await playbook.containEndpoint(REQUEST);
    assert.deepEqual([run.how, run.noWorker], ['started', false]);
  });

  it('is asked again to add a request to that run, until the caller is told that it may still be taken up.', async () => {
    const other = { ...REQUEST, processName: 'stikynot.exe' };
    await assert.rejects(playbook.containEndpoint(other), (error: unknown) => {
      assert.ok(error instanceof WorkerBusyError, String(error));
      assert.match(error.message, /contain\/win7pro64\. The request may still be taken up/);
      return true;
    });
  });
});
