import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createActivities } from '../../activities/index.js';
import type { SettleHoldInput } from '../../contract/index.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { wishAndFact } from './support/lease.js';

/** Somebody gives the hold back after the host was read for the last time, and before the lease learns the verdict. */
async function settleHold(input: SettleHoldInput): Promise<{ expiresAt: number | null }> {
  const { cb, clock, client } = env();
  await client.workflow
    .getHandle(`isolation/${input.target.sensorId}`)
    .executeUpdate('release', { args: [{ holdId: input.holdId, who: 'ben' }] });
  if (input.target.sensorId === UNREADABLE) noLongerRead();
  return await createActivities({ cb, clock }).settleHold(input);
}
const env = withEnvironment({
  scenario: fleet(3, (n) => (n === 2 ? { onlineFrom: null, lastSeenAgo: 7_200 } : {})),
  activityOverrides: { settleHold },
});

const UNREADABLE = 3;
function noLongerRead(): void {
  env().simulator.faults.add({
    ...{ method: 'GET', route: `/api/v1/sensor/${UNREADABLE}` },
    kind: { status: 405, body: 'no right to see it' },
  });
}

describe('A hold that is given back at the last moment', () => {
  it('makes the run read the host again: it is not called contained.', async () => {
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['isolation-lost']);
    assert.ok(receipt.problems.some((p) => p.type === 'HoldExpired'));
    assert.equal(receipt.isolation.expiresAt, null);
    await env().sleep('10m');
    assert.deepEqual(await wishAndFact(env(), 1), [false, false]);
  });

  it('leaves nothing to go by where the host cannot be read again: what was read before is of the time in which it was held.', async () => {
    const run = await env().contain({ hostname: hostName(UNREADABLE), processName: 'evil.exe' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual([receipt.gaps, receipt.hostState.fact], [['isolation-lost'], null]);
  });

  it('is not called pending either: nobody asks for the isolation any more.', async () => {
    const run = await env().contain({ hostname: hostName(2), kill: false, offlineFor: '1h' });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['isolation-lost']);
  });
});
