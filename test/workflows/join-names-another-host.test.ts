import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DifferentRequestError } from '../../client/index.js';
import { type ContainRequest, type JoinResult, UPDATES } from '../../contract/index.js';
import type { RequestMatch } from '../../simulator/index.js';
import type { Containment } from '../../testing/index.js';
import { effectsOn } from './support/aftermath.js';
import { REQUESTS } from './support/fault-table.js';
import { fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const EVIL = { processName: 'evil.exe' };
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(5, (n) => ({
    dnsName: `host-${n}.corp.example`,
    supportsIsolation: n !== 4,
    supportsLiveResponse: n !== 5,
  })),
});

/** A run that is held at one of its requests while others ask to join. */
async function heldAt(request: RequestMatch, n: number, more: Partial<ContainRequest> = EVIL) {
  const hold = env().simulator.hold({ ...request, when: 'before' });
  const run = await env().contain({ hostname: hostName(n), ...more });
  await hold.arrived;
  const finish = async () => {
    hold.release();
    const { receipt } = await run.outcome();
    assert.ok(receipt);
    return receipt;
  };
  return { run, release: () => hold.release(), finish };
}
const unresolved = (n: number) => heldAt(REQUESTS['find the sensor'](), n);
const resolved = (n: number, more?: Partial<ContainRequest>) =>
  heldAt({ method: 'PUT', route: '/api/v1/sensor/:id' }, n, more);

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

describe('A join that names another sensor', () => {
  it('is told to come again while the run has not found its own', async () => {
    const { run, finish } = await unresolved(1);
    assert.equal(await refusal(join(run, { hostname: 'host-1', sensorId: 3, ...EVIL })), 'NotYet');
    assert.equal(
      (await join(run, { hostname: 'HOST-1.', ...EVIL })).joined,
      true,
      'the same name need not wait',
    );
    const receipt = await finish();
    assert.deepEqual([receipt.target?.sensorId, receipt.requestedBy.length], [1, 2]);
  });

  it('through the client library asks again by itself, and ends as a different request', async () => {
    const { run, release } = await unresolved(2);
    const place = env().simulator.hold({ method: 'PUT', route: '/api/v1/sensor/:id', when: 'before' });
    const asked = env().playbook.containEndpoint({ hostname: 'host-2', sensorId: 3, ...EVIL });
    const answer = assert.rejects(asked, (error) => {
      assert.ok(error instanceof DifferentRequestError);
      assert.match(error.message, /works on sensor 2, the request names sensor 3/);
      return true;
    });
    release();
    await place.arrived;
    await answer;
    place.release();
    const { receipt } = await run.outcome();
    assert.deepEqual([receipt?.verdict, receipt?.requestedBy.length], ['contained', 1]);
    assert.deepEqual(await effectsOn(env(), 3, ['wish-set', 'session-opened', 'killed']), []);
  });
});

describe('A join by a fully qualified name', () => {
  it('of another domain is refused; the own one, and the short name, are the same host', async () => {
    const { run, finish } = await resolved(3);
    assert.equal(
      await refusal(join(run, { hostname: 'host-3.elsewhere.example', ...EVIL })),
      'DifferentRequest',
    );
    assert.equal((await join(run, { hostname: 'Host-3.Corp.Example.', ...EVIL })).joined, true);
    assert.equal((await join(run, { hostname: 'host-3', ...EVIL })).joined, true);
    const receipt = await finish();
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.requestedBy.length, 3);
  });
});

describe('A join that asks for what the sensor cannot do', () => {
  it('is refused where it adds isolation, and the run goes on without', async () => {
    const { run, finish } = await heldAt(REQUESTS['open a session'](), 4, { ...EVIL, isolate: false });
    assert.equal(await refusal(join(run, { hostname: 'host-4', ...EVIL })), 'IsolationUnsupported');
    const receipt = await finish();
    assert.deepEqual([receipt.verdict, receipt.isolation.outcome], ['contained', 'skipped']);
  });

  it('is refused where it adds a kill', async () => {
    const { run, finish } = await resolved(5, { kill: false });
    assert.equal(await refusal(join(run, { hostname: 'host-5', ...EVIL })), 'LiveResponseUnsupported');
    const receipt = await finish();
    assert.deepEqual([receipt.verdict, receipt.sessions], ['contained', []]);
  });
});
