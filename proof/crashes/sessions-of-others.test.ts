import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Receipt } from '../../contract/index.js';
import type { JournalEntry } from '../../simulator/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { waitFor } from '../../test/support/wait-for.js';
import { assertEachOnce, count, effectsOn, openSessions, told } from '../../test/chaos/effects.js';
import { fleet, type Host } from '../../test/chaos/fleet.js';
import { requestTo } from '../../test/chaos/points.js';

const ANALYST = 'analyst';
/** At so many sessions of the server, the pending ones included, we open none. */
const SESSIONS_WE_USE = 8;

const { hosts, scenario } = fleet(10 + SESSIONS_WE_USE);
const others = hosts.splice(10);
let next = 0;
const anotherHost = (): Host => hosts[next++] as Host;
let env: PlaybookTestEnvironment;
before(async () => {
  env = await createPlaybookTestEnvironment({ scenario, log: () => undefined });
});
after(() => env?.close());

async function start(host: Host) {
  return await env.contain({ hostname: host.hostname, processName: 'evil.exe' });
}

/** Somebody's session that may be pending for as long as ours: only its commands tell them apart. */
async function openAsWeDo({ body }: JournalEntry, host: Host): Promise<number> {
  const { checkin_timeout: asked } = body as { checkin_timeout: number };
  return await env.simulator.act.openSessionAs(host.sensorId, ANALYST, asked);
}

function sessionsOf(receipt: Receipt | null) {
  return receipt?.sessions.map(({ id, ours, closed }) => ({ id, ours, closed }));
}

async function assertContained(host: Host, receipt: Receipt | null): Promise<void> {
  assert.equal(receipt?.verdict, 'contained', JSON.stringify(receipt, null, 1));
  await assertEachOnce(env.simulator, host);
}

describe('A Live Response session of somebody else', () => {
  it('is used, never closed, and named in the receipt.', async () => {
    const host = anotherHost();
    const theirs = await env.simulator.act.openSessionAs(host.sensorId, ANALYST);
    const { receipt } = await (await start(host)).outcome();
    await assertContained(host, receipt);
    assert.deepEqual(sessionsOf(receipt), [{ id: theirs, ours: false, closed: false }]);
    assert.ok(
      receipt?.notes.some((note) => note.includes(`session ${theirs}`)),
      receipt?.notes.join('\n'),
    );
    const ledger = await effectsOn(env.simulator, host);
    assert.equal(count(ledger, 'session-opened'), 1, told(ledger));
    assert.deepEqual(await openSessions(env.simulator, host), [theirs]);
    await env.simulator.act.closeSession(theirs);
  });

  it('that was opened between our list and our POST is used and never closed.', async () => {
    const host = anotherHost();
    const post = env.simulator.hold({ ...requestTo.open(host), when: 'before' });
    const run = await start(host);
    await env.timePasses(post.arrived);
    const theirs = await env.simulator.act.openSessionAs(host.sensorId, ANALYST);
    post.release();
    const { receipt } = await run.outcome();
    await assertContained(host, receipt);
    assert.deepEqual(sessionsOf(receipt), [{ id: theirs, ours: false, closed: false }]);
    assert.deepEqual(await openSessions(env.simulator, host), [theirs]);
    await env.simulator.act.closeSession(theirs);
  });

  it('that stands where our POST was lost is theirs though nobody uses it.', async () => {
    const host = anotherHost();
    const post = env.simulator.hold({ ...requestTo.open(host), when: 'before' });
    const run = await start(host);
    await env.timePasses(post.arrived);
    const theirs = await env.simulator.act.openSessionAs(host.sensorId, ANALYST);
    post.cut();
    const { receipt } = await run.outcome();
    await assertContained(host, receipt);
    assert.deepEqual(sessionsOf(receipt), [{ id: theirs, ours: false, closed: false }]);
    assert.deepEqual(await openSessions(env.simulator, host), [theirs]);
    await env.simulator.act.closeSession(theirs);
  });

  it('that stands where our POST was lost is theirs by the commands in it.', async () => {
    const host = anotherHost();
    const post = env.simulator.hold({ ...requestTo.open(host), when: 'before' });
    const run = await start(host);
    const theirs = await openAsWeDo(await env.timePasses(post.arrived), host);
    await env.simulator.act.commandAs(theirs, { name: 'process list' }, ANALYST);
    post.cut();
    const { receipt } = await run.outcome();
    await assertContained(host, receipt);
    assert.deepEqual(sessionsOf(receipt), [{ id: theirs, ours: false, closed: false }]);
    assert.deepEqual(await openSessions(env.simulator, host), [theirs]);
    await env.simulator.act.closeSession(theirs);
  });

  it('that stands where our POST was lost is theirs from the moment they use it.', async () => {
    const host = anotherHost();
    const post = env.simulator.hold({ ...requestTo.open(host), when: 'before' });
    const kill = env.simulator.hold({ ...requestTo.killTheSecond(host), when: 'before' });
    const run = await start(host);
    const theirs = await openAsWeDo(await env.timePasses(post.arrived), host);
    post.cut();
    await env.timePasses(kill.arrived);
    await env.simulator.act.commandAs(theirs, { name: 'process list' }, ANALYST);
    kill.release();
    const { receipt } = await run.outcome();
    await assertContained(host, receipt);
    assert.deepEqual(sessionsOf(receipt), [{ id: theirs, ours: false, closed: false }]);
    assert.deepEqual(await openSessions(env.simulator, host), [theirs]);
    await env.simulator.act.closeSession(theirs);
  });

  it('that goes away under us is replaced by one of ours, which is closed.', async () => {
    const host = anotherHost();
    const theirs = await env.simulator.act.openSessionAs(host.sensorId, ANALYST);
    const kill = env.simulator.hold({ ...requestTo.killTheSecond(host), when: 'before' });
    const run = await start(host);
    await env.timePasses(kill.arrived);
    await env.simulator.act.closeSession(theirs);
    kill.release();
    const { receipt } = await run.outcome();
    await assertContained(host, receipt);
    assert.deepEqual(
      receipt?.sessions.map(({ ours }) => ours),
      [false, true],
    );
    assert.deepEqual(await openSessions(env.simulator, host), []);
  });
});

describe('Our Live Response session', () => {
  for (const [name, point] of [
    ['its first kill', requestTo.killTheFirst],
    ['its second kill', requestTo.killTheSecond],
  ] as const) {
    it(`closed by somebody just before ${name} is replaced, and nothing is killed twice.`, async () => {
      const host = anotherHost();
      const kill = env.simulator.hold({ ...point(host), when: 'before' });
      const run = await start(host);
      await env.timePasses(kill.arrived);
      const [ours = 0] = await openSessions(env.simulator, host);
      await env.simulator.act.closeSession(ours);
      kill.release();
      const { receipt } = await run.outcome();
      await assertContained(host, receipt);
      assert.deepEqual(
        sessionsOf(receipt)?.map((s) => ({ ...s, id: s.id === ours ? 'first' : 'second' })),
        [
          { id: 'first', ours: true, closed: true },
          { id: 'second', ours: true, closed: true },
        ],
      );
      assert.deepEqual(await openSessions(env.simulator, host), []);
    });
  }

  it('waits while eight stand on the server, as nobody’s failure, and is opened when one has gone.', async () => {
    const host = anotherHost();
    const { act } = env.simulator;
    const taken: number[] = [];
    for (const other of others) taken.push(await act.openSessionAs(other.sensorId, ANALYST));
    const run = await start(host);
    const waiting = await env.timePasses(
      waitFor('the wait for a slot', async () => {
        const { raw } = await run.handle.describe();
        return raw.pendingActivities?.find(
          (a) => a.lastFailure?.applicationFailureInfo?.type === 'TooManySessions',
        );
      }),
    );
    assert.equal(waiting.lastFailure?.applicationFailureInfo?.category, 1, 'BENIGN');
    assert.equal(count(await effectsOn(env.simulator, host), 'session-opened'), 0);
    for (const id of taken) await act.closeSession(id, ANALYST);
    const { receipt } = await run.outcome();
    await assertContained(host, receipt);
    assert.deepEqual(receipt?.problems, []);
    assert.deepEqual(await openSessions(env.simulator, host), []);
  });

  it('waits where the server itself says that it has too many.', async () => {
    const host = anotherHost();
    const full = env.simulator.faults.add({
      ...requestTo.open(host),
      times: 2,
      kind: { status: 409, body: 'Maximum number of sessions reached' },
    });
    const { receipt } = await (await start(host)).outcome();
    assert.equal(full.hits(), 2);
    await assertContained(host, receipt);
    assert.deepEqual(receipt?.problems, []);
  });
});
