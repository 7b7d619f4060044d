import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ContainRequest, exitCodeOf } from '../../contract/index.js';
import { aftermath } from './support/aftermath.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ scenario: fleet(4) });
const left = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] });

describe('A host that goes offline in the middle', () => {
  /** The sensor falls silent at the moment its wish is written. */
  const silenceAtWish = async (n: number, request: Partial<ContainRequest>) => {
    const hold = env().simulator.hold({ method: 'PUT', route: `/api/v1/sensor/${n}`, when: 'after' });
    const run = await env().contain({ hostname: hostName(n), ...request });
    await hold.arrived;
    await env().simulator.act.goOffline(n);
    hold.release();
    const outcome = await run.outcome();
    assert.ok(outcome.receipt);
    return { ...outcome, receipt: outcome.receipt };
  };

  it('is waited for, and contained when it is back', async () => {
    const first = env().simulator.journal().length;
    // Back after its Live Response session was given up and it was looked for many times.
    const stop = env().simulator.observe(async ({ entry }) => {
      if (entry.n !== first + 260) return;
      await env().simulator.act.comeOnline(3);
    });
    const { closed, receipt } = await silenceAtWish(3, { processName: 'evil.exe' });
    stop();
    assert.equal(closed, 'completed');
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.processes[0]?.outcome, 'killed');
    assert.deepEqual(await left(3), {
      wish: true,
      fact: true,
      alive: 0,
      banned: [evilMd5(3)],
      openSessions: [],
    });
  });

  it('and is only to be isolated is isolation-pending: a passed deadline is no failure there', async () => {
    const { closed, receipt } = await silenceAtWish(4, { kill: false });
    assert.equal(receipt.verdict, 'isolation-pending');
    assert.equal(receipt.isolation.outcome, 'pending');
    assert.equal(receipt.isolation.confirmedAt, null);
    assert.deepEqual(receipt.problems, []);
    assert.deepEqual([closed, exitCodeOf(receipt)], ['failed', 11]);
    assert.equal((await left(4)).wish, true);
  });
});
