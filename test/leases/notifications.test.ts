import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EVENT_KINDS } from '../../contract/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';
import { REQUESTS } from '../workflows/support/fault-table.js';
import { evil, fleet, hostName } from '../workflows/support/hosts.js';
import { replayAndClose } from '../workflows/support/with-environment.js';
import { leaseOf, releaseAll } from './support/lease.js';
import { startReceiver, type Receiver } from './support/receiver.js';

let env: PlaybookTestEnvironment;
let receiver: Receiver;
const notify = { url: '', all: false };
before(async () => {
  receiver = await startReceiver();
  notify.url = receiver.url;
  env = await createPlaybookTestEnvironment({
    scenario: fleet(4, (n) =>
      n === 2
        ? { processes: [evil(2, { kill: 'denied' })] }
        : n === 4
          ? { onlineFrom: null, lastSeenAgo: 7_200 }
          : {},
    ),
    checkinPhase: 0.1,
    notify,
  });
});
after(async () => {
  try {
    await replayAndClose(env);
  } finally {
    await receiver.close();
  }
});

const told = (n: number): string[] =>
  receiver
    .events()
    .filter((e) => e.sensorId === n)
    .map((e) => e.kind);

describe('What people are told', () => {
  it('of a host that is contained: nothing, until something happens to its isolation.', async () => {
    const run = await env.contain({ hostname: hostName(1), processName: 'evil.exe' });
    assert.equal((await run.outcome()).receipt?.verdict, 'contained');
    await env.sleep('1h');
    assert.deepEqual(told(1), []);
    await env.simulator.act.setWish(1, false, 'carl');
    await env.sleep('24h');
    await releaseAll(env, 1);
    await env.sleep('1m');
    assert.deepEqual(told(1), ['drift', 'reminder', 'released']);
  });

  it('of one that is not: the verdict with its receipt, once.', async () => {
    const run = await env.contain({ hostname: hostName(2), processName: 'evil.exe', requestedBy: 'ana' });
    const { receipt } = await run.outcome();
    await env.sleep('1m');
    assert.deepEqual(told(2), ['verdict']);
    const [event] = receiver.events('verdict');
    assert.match(event?.text ?? '', /^contained-partly: HOST-2 is contained only partly/);
    assert.deepEqual(event?.receipt, receipt);
    assert.deepEqual(
      [event?.workflowId, event?.runId, event?.hostname, event?.lease],
      [run.workflowId, run.runId, 'HOST-2', null],
    );
    await releaseAll(env, 2);
  });

  it('of a host that was never found, though nothing of the server is known then.', async () => {
    const run = await env.contain({ hostname: 'nobody', processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    await env.sleep('1m');
    const events = receiver.events('verdict').filter((e) => e.workflowId === run.workflowId);
    assert.equal(events.length, 1);
    assert.match(events[0]?.text ?? '', /^not-contained: nobody is not contained/);
    assert.deepEqual([events[0]?.sensorId, events[0]?.receipt?.verdict], [null, receipt?.verdict]);
  });

  it('of a run that was undone, and of one whose isolation the sensor has not confirmed.', async () => {
    const fault = env.simulator.faults.add({ ...REQUESTS.kill(), kind: { status: 403, body: 'no' } });
    await (
      await env.contain({ hostname: hostName(3), processName: 'evil.exe', onFailure: 'release' })
    ).outcome();
    fault.remove();
    await (await env.contain({ hostname: hostName(4), processName: 'evil.exe', offlineFor: '1h' })).outcome();
    await env.sleep('1m');
    const verdicts = [3, 4].map((n) =>
      receiver.events('verdict').flatMap((e) => (e.sensorId === n ? [e.receipt?.verdict] : [])),
    );
    assert.deepEqual(verdicts, [['rolled-back'], ['isolation-pending']]);
    await releaseAll(env, 4);
  });

  it('by setting also that a host is contained.', async () => {
    notify.all = true;
    const run = await env.contain({ hostname: hostName(1), processName: 'evil.exe' });
    await run.outcome();
    await env.sleep('1m');
    assert.match(receiver.events('verdict').at(-1)?.text ?? '', /^contained: HOST-1 is contained/);
    assert.equal((await leaseOf(env, 1)).holds.length, 1);
    await releaseAll(env, 1);
  });

  it('is of a known kind, and never a secret.', () => {
    for (const body of receiver.bodies) {
      assert.ok(!body.includes(receiver.secret) && !body.includes(env.simulator.token));
    }
    for (const { kind, text } of receiver.events()) {
      assert.ok(EVENT_KINDS.includes(kind));
      assert.ok(text.length > 10);
    }
  });
});
