import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { replayAndClose } from '../workflows/support/with-environment.js';
import { waitFor } from '../support/wait-for.js';
import { detailsOf } from './support/details.js';
import { leaseHandle, leaseOf, personHolds, releaseAll, saidBy, wishAndFact } from './support/lease.js';
import { startReceiver, type Receiver } from './support/receiver.js';

let env: PlaybookTestEnvironment;
let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
  const notify = { url: receiver.url, all: false };
  env = await createPlaybookTestEnvironment({ scenario: fleet(2), checkinPhase: 0.1, notify });
});
after(async () => {
  try {
    await replayAndClose(env);
  } finally {
    await receiver.close();
  }
});

describe('A host that is held is never forgotten: every 24 hours', () => {
  before(async () => {
    const run = await env.contain({ hostname: hostName(1), processName: 'evil.exe', requestedBy: 'ana' });
    assert.equal((await run.outcome()).receipt?.verdict, 'contained');
    await env.sleep('49h');
    // What is sent by a run of its own may still be on its way.
    await env.sleep('1m');
  });

  it('the lease writes it down in its history and memo.', async () => {
    assert.equal((await leaseOf(env, 1)).reminders, 2);
    const reminders = (await saidBy(env, 1)).filter((what) => what.startsWith('Reminder'));
    assert.equal(reminders.length, 2);
    assert.match(reminders[1] ?? '', /^Reminder 2: HOST-1: it is isolated for .*, held by contain\/host-1\//);
    const { memo } = await leaseHandle(env, 1).describe();
    assert.equal((memo?.['lease'] as { reminders: number }).reminders, 2);
  });

  it('the current details say so, and who holds it until when.', async () => {
    const details = await detailsOf(leaseHandle(env, 1));
    assert.match(details, /People were reminded 2 times/);
    assert.match(details, /contain\/host-1\/.*\| ana \|.*until released/);
  });

  it('a receiver is told once each time, in words and typed, and no secret is in it.', () => {
    const told = receiver.events('reminder');
    assert.deepEqual(
      told.map((e) => e.text.slice(0, 20)),
      ['Reminder 1: HOST-1: ', 'Reminder 2: HOST-1: '],
    );
    const [first] = told;
    assert.deepEqual(
      [first?.schema, first?.sensorId, first?.hostname, first?.workflowId, first?.receipt],
      ['cb-response-playbook/event/v1', 1, 'HOST-1', 'isolation/1', null],
    );
    assert.equal(first?.lease?.holds[0]?.who, 'ana');
    for (const body of receiver.bodies) {
      assert.ok(!body.includes(receiver.secret) && !body.includes(env.simulator.token));
    }
  });
});

describe('A receiver of notifications that is dead', () => {
  before(async () => {
    await releaseAll(env, 1);
    await waitFor('the release to be told', () => receiver.events('released').length === 1);
    receiver.answer = 'cut';
    receiver.requests = 0;
    receiver.bodies.length = 0;
    await personHolds(env, 2, 'ben', { leaseMs: 50 * 3_600_000 });
    await env.sleep('49h');
  });

  it('delays nothing and fails nothing: the first reminder is given up after a day, by a run of its own.', async () => {
    assert.ok(receiver.requests > 50, 'it was tried and tried');
    assert.equal((await leaseOf(env, 2)).reminders, 2);
    assert.deepEqual(await wishAndFact(env, 2), [true, true]);
    assert.deepEqual(await failedRuns(env), ['notifyReceiver']);
  });

  it('is told what is not a day old when it is back.', async () => {
    receiver.answer = 200;
    await env.sleep('20m');
    assert.deepEqual(
      receiver.events().map((e) => e.text.slice(0, 20)),
      ['Reminder 2: HOST-2: '],
    );
    await env.timePasses(leaseHandle(env, 2).result());
    assert.deepEqual(await wishAndFact(env, 2), [false, false]);
  });

  it('that refuses for good is asked once.', async () => {
    receiver.answer = 410;
    receiver.requests = 0;
    await personHolds(env, 2, 'ben');
    await env.sleep('47h');
    assert.equal(receiver.requests, 1);
    receiver.answer = 200;
    await releaseAll(env, 2);
  });

  it('has its URL in no history.', async () => {
    for (const { execution } of await closedRuns(env)) {
      const handle = env.client.workflow.getHandle(execution?.workflowId ?? '', execution?.runId ?? '');
      const history = JSON.stringify(await handle.fetchHistory());
      assert.ok(!history.includes(receiver.secret), execution?.workflowId ?? '');
    }
  });
});

async function closedRuns(on: PlaybookTestEnvironment) {
  const { namespace } = on;
  const request = { namespace, maximumPageSize: 1_000, startTimeFilter: {} };
  return (await on.client.workflowService.listClosedWorkflowExecutions(request)).executions ?? [];
}

async function failedRuns(on: PlaybookTestEnvironment): Promise<(string | null | undefined)[]> {
  const failed = [];
  for (const { execution, type } of await closedRuns(on)) {
    const handle = on.client.workflow.getHandle(execution?.workflowId ?? '', execution?.runId ?? '');
    if ((await handle.describe()).status.name === 'FAILED') failed.push(type?.name);
  }
  return failed;
}
