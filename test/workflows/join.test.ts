import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type ContainRequest, type JoinResult, type Receipt, UPDATES } from '../../contract/index.js';
import type { Containment } from '../../testing/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evil, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const OTHER_PATH = 'c:\\programdata\\other.exe';
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(9, (n) => ({
    processes: [
      evil(n),
      evil(n, { path: OTHER_PATH, pid: 2500, binary: `other-${n}`, kill: n === 2 ? 'denied' : 'ends' }),
    ],
  })),
});
const EVIL = { processName: 'evil.exe' };
const OTHER = { processName: 'other.exe' };

/** A run that is held at its first kill command's list, so that others can join in the middle of step 4. */
async function inStepFour(n: number, request: Partial<ContainRequest> = EVIL) {
  const hold = env().simulator.hold({
    method: 'POST',
    route: /\/command$/,
    bodyIncludes: { name: 'process list' },
    when: 'before',
  });
  const run = await env().contain({ hostname: hostName(n), ...request });
  const ended = env().timePasses(run.outcome());
  await hold.arrived;
  return {
    run,
    finish: async (): Promise<Receipt> => {
      hold.release();
      const { receipt } = await ended;
      assert.ok(receipt);
      return receipt;
    },
  };
}

function join(run: Containment, request: ContainRequest): Promise<JoinResult> {
  return run.handle.executeUpdate<JoinResult, [{ request: ContainRequest }]>(UPDATES.join, {
    args: [{ request }],
  });
}

async function refusal(joining: Promise<unknown>): Promise<string | null | undefined> {
  const error = await joining.then(
    () => null,
    (err: unknown) => err,
  );
  assert.ok(error instanceof WorkflowUpdateFailedError, 'the join is refused');
  assert.ok(error.cause instanceof ApplicationFailure);
  return error.cause.type;
}

const isolated = async (n: number) => (await aftermath(env(), n, { path: EVIL_PATH, md5s: [] })).fact;

describe('A second request for the same host', () => {
  it('with another process gets its own round: both are dead at the end', async () => {
    const { run, finish } = await inStepFour(1);
    const answer = await join(run, { hostname: 'host-1', ...OTHER, requestedBy: 'bob' });
    assert.deepEqual(answer, { workflowId: 'contain/host-1', runId: run.runId, joined: true });
    const receipt = await finish();
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.requestedBy.map((r) => [r.who, r.selector?.name, r.joined]),
      [
        [null, 'evil.exe', false],
        ['bob', 'other.exe', true],
      ],
    );
    const killed = await effectsOn(env(), 1, ['killed']);
    assert.deepEqual(new Set(killed.map((e) => e.path)), new Set([EVIL_PATH, OTHER_PATH]));
    assert.equal(receipt.bans.length, 2);
    assert.equal((await effectsOn(env(), 1, ['wish-set'])).length, 1);
  });

  it('whose process stays alive makes it not contained for both', async () => {
    const { run, finish } = await inStepFour(2);
    await join(run, { hostname: 'host-2', ...OTHER });
    const receipt = await finish();
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['process-alive']);
  });

  it('that asks for isolation adds it to a run that did not', async () => {
    const { run, finish } = await inStepFour(3, { ...EVIL, isolate: false });
    await join(run, { hostname: 'host-3', ...EVIL });
    const receipt = await finish();
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.isolation.outcome, 'isolated');
    assert.equal(await isolated(3), true);
  });

  it('wins where it is stricter: policy, ban scope, end of the lease', async () => {
    const { run, finish } = await inStepFour(4, {
      ...EVIL,
      onFailure: 'release',
      banScope: 'none',
      lease: '1h',
    });
    await join(run, { hostname: 'host-4', ...EVIL, onFailure: 'keep', lease: '3h' });
    const receipt = await finish();
    assert.equal(receipt.failurePolicy.policy, 'keep');
    assert.equal(receipt.bans.length, 1);
    const left = Date.parse(receipt.isolation.expiresAt ?? '') - Date.parse(receipt.endedAt);
    assert.ok(Math.abs(left - 3 * 3_600_000) < 120_000, `${left} ms`);
  });

  it('loses where it is laxer', async () => {
    const { run, finish } = await inStepFour(5, { ...EVIL, onFailure: 'keep' });
    await join(run, { hostname: 'host-5', ...EVIL, onFailure: 'release', isolate: false, lease: '1h' });
    const receipt = await finish();
    assert.equal(receipt.failurePolicy.policy, 'keep');
    assert.equal(receipt.isolation.outcome, 'isolated');
    assert.equal(receipt.isolation.expiresAt, null, 'until released is later than any hour');
  });

  it('with the same requestId twice is one entry', async () => {
    const { run, finish } = await inStepFour(6);
    const request = { hostname: 'host-6', ...OTHER, requestId: 'alert-1' };
    await join(run, request);
    assert.equal((await join(run, request)).joined, true);
    const receipt = await finish();
    assert.equal(receipt.requestedBy.length, 2);
  });

  it('that cannot be merged or is wrong is refused, and leaves no trace', async () => {
    const { run, finish } = await inStepFour(7);
    assert.equal(await refusal(join(run, { hostname: 'host-7', sensorId: 8, ...EVIL })), 'DifferentRequest');
    assert.equal(await refusal(join(run, { hostname: 'host-8', ...EVIL })), 'DifferentRequest');
    assert.equal(await refusal(join(run, { hostname: 'host-7' })), 'InvalidRequest');
    assert.equal(
      await refusal(join(run, { ...EVIL, hostname: 'host-7', bogus: 1 } as never)),
      'InvalidRequest',
    );
    assert.equal(
      await refusal(join(run, { hostname: 'host-7', processName: 'lsass.exe' })),
      'ProtectedProcess',
    );
    const receipt = await finish();
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.requestedBy.length, 1);
  });

  it('that comes while the run settles is refused: start a new one', async () => {
    const run = await env().contain({ hostname: hostName(8), ...EVIL });
    let stop = () => undefined as void;
    const answer = new Promise<string | null | undefined>((resolve, reject) => {
      let banned = false;
      stop = env().simulator.observe(async ({ phase, entry }) => {
        banned ||= entry.method === 'POST' && entry.path.endsWith('/blacklist');
        if (phase !== 'before' || !banned || entry.path !== '/api/v1/sensor/8') return;
        const status = await run.handle.query<{ step: string }>('status');
        if (status.step !== 'settle') return;
        stop();
        await refusal(join(run, { hostname: 'host-8', ...OTHER })).then(resolve, reject);
      });
    });
    const { receipt } = await run.outcome();
    assert.equal(await answer, 'RunClosing');
    assert.equal(receipt?.verdict, 'contained');
  });
});
