import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { ContainRequest, Receipt } from '../../contract/index.js';
import type { FaultHandle, RequestMatch } from '../../simulator/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { assertEachOnce, assertSessions, count, effectsOn, told } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { LIST, requestTo } from '../../test/chaos/points.js';

const { hosts, scenario } = fleet(16);
let next = 0;
let env: PlaybookTestEnvironment;
let planted: FaultHandle[] = [];
before(async () => {
  env = await createPlaybookTestEnvironment({ scenario, log: () => undefined });
});
after(() => env?.close());
afterEach(() => {
  for (const fault of planted) fault.remove();
  planted = [];
});

const anotherHost = (): Host => hosts[next++] as Host;

/** The request acts, and its answer never comes. */
function loseAnswer(request: RequestMatch): FaultHandle {
  const fault = env.simulator.faults.add({ ...request, times: 1, kind: 'act-then-cut' });
  planted.push(fault);
  return fault;
}

/** Live Response is refused for good: whatever else was done is undone. */
function refuseLiveResponse(host: Host): void {
  planted.push(
    env.simulator.faults.add({ ...requestTo.open(host), kind: { status: 405, body: 'Method Not Allowed' } }),
  );
}

async function contain(host: Host, more: Partial<ContainRequest> = {}): Promise<Receipt> {
  const run = await env.contain({ hostname: host.hostname, processName: 'evil.exe', ...more });
  const { receipt } = await run.outcome();
  assert.ok(receipt);
  return receipt;
}

describe('A containment whose answer was lost, of', () => {
  for (const [name, request] of [
    ['the wish', requestTo.isolate],
    ['the opened session', requestTo.open],
    ['the process list', () => LIST],
    ['the first kill', requestTo.killTheFirst],
    ['the second kill', requestTo.killTheSecond],
    ['the ban', requestTo.ban],
    ['the close', () => ({ method: 'PUT', route: 'PUT /api/v1/cblr/session/:id' })],
  ] as [string, (host: Host) => RequestMatch][]) {
    it(`${name}: does nothing twice, and reports it as its own.`, async () => {
      const host = anotherHost();
      const lost = loseAnswer(request(host));
      const receipt = await contain(host);
      const context = `${JSON.stringify(receipt, null, 1)}\n${told(await effectsOn(env.simulator, host))}`;
      assert.equal(lost.hits(), 1, context);
      assert.equal(receipt.verdict, 'contained', context);
      await assertEachOnce(env.simulator, host);
      await assertSessions(env.simulator, host, 1);
      assert.equal(receipt.isolation.outcome, 'isolated', context);
      assert.deepEqual(
        receipt.processes.map(({ outcome }) => outcome),
        ['killed', 'killed'],
        context,
      );
      assert.deepEqual(
        receipt.bans.map(({ outcome }) => outcome),
        ['banned'],
        context,
      );
      assert.deepEqual(
        receipt.sessions.map(({ ours, closed }) => [ours, closed]),
        [[true, true]],
        context,
      );
    });
  }
});

it('A close that never reached the server is done again: no session of ours is left open.', async () => {
  const host = anotherHost();
  const close = env.simulator.faults.add({
    method: 'PUT',
    route: 'PUT /api/v1/cblr/session/:id',
    times: 2,
    kind: 'html-502',
  });
  planted.push(close);
  const receipt = await contain(host);
  assert.equal(close.hits(), 2);
  assert.equal(receipt.verdict, 'contained');
  await assertSessions(env.simulator, host, 1);
  assert.deepEqual(
    receipt.sessions.map(({ ours, closed }) => [ours, closed]),
    [[true, true]],
  );
});

/** A run to which Live Response is refused, but not before its ban is made. */
async function refusedAfterItsBan(host: Host) {
  const open = env.simulator.hold({ ...requestTo.open(host), when: 'before' });
  refuseLiveResponse(host);
  const run = await env.contain({ hostname: host.hostname, processName: 'evil.exe', banMd5: [host.md5] });
  await env.timePasses(open.arrived);
  await env.timePasses(isBanned(run.handle));
  open.release();
  return await run.outcome();
}

describe('A change whose answer was lost is undone when the run is rolled back:', () => {
  it('a ban.', async () => {
    const host = anotherHost();
    const lost = loseAnswer(requestTo.ban(host));
    const { receipt } = await refusedAfterItsBan(host);
    const ledger = await effectsOn(env.simulator, host);
    const context = `${JSON.stringify(receipt, null, 1)}\n${told(ledger)}`;
    assert.equal(lost.hits(), 1);
    assert.equal(receipt?.verdict, 'rolled-back', context);
    assert.deepEqual([count(ledger, 'banned'), count(ledger, 'unbanned')], [1, 1], context);
    assert.deepEqual(
      receipt.undo.map(({ change, outcome }) => [change, outcome]).sort(),
      [
        ['ban', 'undone'],
        ['isolation', 'undone'],
      ],
      context,
    );
  });

  it('a wish.', async () => {
    const host = anotherHost();
    const lost = loseAnswer(requestTo.isolate(host));
    refuseLiveResponse(host);
    const receipt = await contain(host);
    const ledger = await effectsOn(env.simulator, host);
    const context = `${JSON.stringify(receipt, null, 1)}\n${told(ledger)}`;
    assert.equal(lost.hits(), 1);
    assert.equal(receipt.verdict, 'rolled-back', context);
    assert.deepEqual([count(ledger, 'wish-set'), count(ledger, 'wish-cleared')], [1, 1], context);
    assert.deepEqual(
      receipt.undo.map(({ change, outcome }) => [change, outcome]),
      [['isolation', 'undone']],
      context,
    );
    const sensor = (await env.simulator.state()).sensors.find(({ id }) => id === host.sensorId);
    assert.deepEqual([sensor?.wish, sensor?.fact], [false, false]);
  });

  it('the undo’s own answers may be lost, too.', async () => {
    const host = anotherHost();
    const unbanned = loseAnswer({ method: 'DELETE', route: /^\/api\/v1\/banning\/blacklist\/[^:]/ });
    const released = loseAnswer({
      ...requestTo.isolate(host),
      bodyIncludes: { network_isolation_enabled: false },
    });
    const { receipt } = await refusedAfterItsBan(host);
    const ledger = await effectsOn(env.simulator, host);
    const context = `${JSON.stringify(receipt, null, 1)}\n${told(ledger)}`;
    assert.deepEqual([unbanned.hits(), released.hits()], [1, 1], context);
    assert.equal(receipt?.verdict, 'rolled-back', context);
    assert.deepEqual([count(ledger, 'unbanned'), count(ledger, 'wish-cleared')], [1, 1], context);
    assert.ok(
      receipt.undo.every(({ outcome }) => outcome === 'undone'),
      context,
    );
  });
});

/** Until the run itself knows that its ban is made. */
async function isBanned(
  run: Awaited<ReturnType<PlaybookTestEnvironment['contain']>>['handle'],
): Promise<void> {
  for (;;) {
    const status = await run.query<{ bans: { outcome: string }[] }>('status');
    if (status.bans.some(({ outcome }) => outcome === 'banned')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
