import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  ApplicationFailure,
  Client,
  type WorkflowClientInterceptor,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import {
  HoldEndedError,
  type HostStatus,
  IsolationRefusedError,
  NoWorkerError,
  type PlaybookClient,
  playbookClientOf,
} from '../../client/index.js';
import { TASK_QUEUES } from '../../contract/index.js';
import { fleet } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { giveBack, leaseHandle, leaseOf, personHolds, releaseAll } from './support/lease.js';

const env = withEnvironment({ scenario: fleet(4) });
const WORDS = { reason: 'odd', who: 'ana' };

/** What answers no more from a moment on, as if the worker had died there. */
let lookUpsLeft = Infinity;
let updatesLeft = Infinity;
let closings = 0;

const dead = (): Error => new NoWorkerError(TASK_QUEUES.main, 'It died; nothing was changed.');
const interceptor: WorkflowClientInterceptor = {
  start: async (input, next) => {
    if (input.workflowType === 'lookup' && (lookUpsLeft -= 1) < 0) throw dead();
    return await next(input);
  },
  startUpdate: async (input, next) => {
    if ((updatesLeft -= 1) < 0) throw dead();
    if ((closings -= 1) >= 0) {
      const cause = ApplicationFailure.nonRetryable('This lease is about to close.', 'LeaseClosing');
      throw new WorkflowUpdateFailedError('Workflow Update failed', cause);
    }
    return await next(input);
  },
};
/** The client library on a client of its own, for what it is told by a worker that dies. */
function shakyPlaybook(): PlaybookClient {
  const { connection, options } = env().client;
  const { namespace } = options;
  return playbookClientOf(new Client({ connection, namespace, interceptors: { workflow: [interceptor] } }));
}

function answers(o: { lookUps?: number; updates?: number }): void {
  lookUpsLeft = o.lookUps ?? Infinity;
  updatesLeft = o.updates ?? Infinity;
}

describe('A worker that dies after a verb has changed something', () => {
  let playbook: PlaybookClient;
  before(() => void (playbook = shakyPlaybook()));

  it('isolate tells its hold, and that it is pending.', async () => {
    answers({ lookUps: 1 });
    const done = await env().timePasses(playbook.isolate('sensor-1', WORDS));
    assert.deepEqual([done.outcome, done.host.source], ['pending', 'lease']);
    assert.deepEqual(
      done.host.holds.map((h) => h.holdId),
      [done.holdId],
    );
    assert.match(done.host.summary, /^HOST-1 is being isolated; held by ana, until released\.$/);
    await env().sleep('2m');
    assert.deepEqual(
      (await leaseOf(env(), 1)).holds.map((h) => h.holdId),
      [done.holdId],
    );
  });

  it('isolate goes by its last look where that saw the wish placed.', async () => {
    answers({ lookUps: 2 });
    await personHolds(env(), 2, 'ben');
    await env().simulator.act.goOffline(2);
    await env().sleep('2m');
    const done = await env().timePasses(playbook.isolate('sensor-2', { ...WORDS, waitMs: 30_000 }));
    assert.ok(['pending', 'already-isolated'].includes(done.outcome), done.outcome);
    assert.equal(done.host.holds.length, 2);
  });

  it('extend tells the new end.', async () => {
    answers({ lookUps: 1 });
    const done = await env().timePasses(playbook.extend('sensor-1', '2h', { who: 'ana' }));
    assert.notEqual(done.until, null);
    assert.equal(done.host.holds[0]?.until, done.until);
  });

  it('release tells what it ended: pending, or held where it died between two holds.', async () => {
    answers({ lookUps: 1, updates: 1 });
    const held = await env().timePasses(playbook.release('sensor-2', WORDS));
    assert.deepEqual([held.outcome, held.ended, held.remaining.length], ['held', ['person/ben'], 1]);
    answers({ lookUps: 1 });
    const done = await env().timePasses(playbook.release('sensor-1', WORDS));
    assert.deepEqual([done.outcome, done.ended.length, done.remaining], ['pending', 1, []]);
    answers({});
    await env().simulator.act.comeOnline(2);
    await releaseAll(env(), 2);
  });

  it('a refused isolation whose hold could not be given back names it.', async () => {
    const route = '/api/v1/sensor/3';
    const fault = env().simulator.faults.add({ method: 'PUT', route, kind: { status: 405, body: 'no' } });
    answers({ updates: 0 });
    const error = await env().timePasses(playbook.isolate('sensor-3', WORDS).catch((err: unknown) => err));
    assert.ok(error instanceof IsolationRefusedError, String(error));
    const [hold] = (await leaseOf(env(), 3)).holds;
    assert.equal(error.heldStill, hold?.holdId);
    assert.match(error.next ?? '', /may still stand, and isolate the host later\. Give it back/);
    fault.remove();
    answers({});
    await releaseAll(env(), 3);
  });

  it('before the change it is an error, and nothing was changed.', async () => {
    answers({ lookUps: 0 });
    await assert.rejects(env().timePasses(playbook.isolate('sensor-4', WORDS)), NoWorkerError);
    answers({});
    await assert.rejects(leaseOf(env(), 4));
  });
});

describe('A hold that somebody ends while its holder waits for the sensor', () => {
  it('is told to the one who waits, at once and not after five minutes.', async () => {
    const { playbook, simulator } = env();
    await simulator.act.goOffline(4);
    await env().sleep('2m');
    // Somebody else's hold stays: a lease that closes while it looks would keep the time-skipping server from skipping.
    await personHolds(env(), 4, 'ben');
    const given: Promise<unknown>[] = [];
    const onLook = ({ holds }: HostStatus): void => {
      const mine = holds.find(({ holdId }) => holdId.startsWith('person/ana/'));
      if (mine !== undefined && given.length === 0) given.push(giveBack(env(), 4, mine.holdId));
    };
    const waiting = playbook.isolate('sensor-4', { ...WORDS, waitMs: 300_000, onLook });
    const error = await env().timePasses(waiting.catch((err: unknown) => err));
    assert.ok(error instanceof HoldEndedError, String(error));
    assert.match(
      error.message,
      /^HOST-4 was not seen isolated, and the hold person\/ana\/\S+ was ended meanwhile/,
    );
    await Promise.all(given);
    const left = (await leaseOf(env(), 4)).holds.map(({ holdId }) => holdId);
    assert.deepEqual(left, ['person/ben']);
    await simulator.act.comeOnline(4);
    await env().sleep('2m');
    await releaseAll(env(), 4);
  });
});

describe('A lease that closes while a verb asks it', () => {
  let playbook: PlaybookClient;
  before(() => void (playbook = shakyPlaybook()));

  it('is asked again, a moment later.', async () => {
    answers({});
    await personHolds(env(), 4, 'ana');
    closings = 3;
    const done = await env().timePasses(playbook.release('sensor-4', { ...WORDS, waitMs: 0 }));
    assert.equal(closings, -1);
    assert.deepEqual([done.ended, done.remaining], [['person/ana'], []]);
    await env().timePasses(leaseHandle(env(), 4).result());
  });
});
