import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { receiptText } from '../../cli/text/receipt.js';
import { fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { leaseOf, releaseAll, wishChanges } from './support/lease.js';

const env = withEnvironment({ scenario: fleet(3, () => ({ onlineFrom: null, lastSeenAgo: 7_200 })) });
const contain = (n: number, more = {}) =>
  env().contain({ hostname: hostName(n), processName: 'evil.exe', ...more });

describe('What happened to a host while its run waited is in the receipt', () => {
  it('a wish that somebody withdrew, and that was written once more.', async () => {
    const run = await contain(1, { onDrift: 'reassert' });
    await env().sleep('30m');
    await env().simulator.act.setWish(1, false, 'carl');
    await env().sleep('30m');
    await env().simulator.act.comeOnline(1);
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual(
      receipt.drift.map(({ kind, reasserted, until }) => [kind, reasserted, until !== null]),
      [['wish-withdrawn', true, true]],
    );
    assert.match(receiptText(receipt), /Somebody withdrew the wish .* The wish was written once more\./);
    assert.deepEqual(await wishChanges(env(), 1), ['set by playbook', 'cleared by carl', 'set by playbook']);
    await releaseAll(env(), 1);
  });

  it('a wish that somebody withdrew, and that was left alone; a later run knows nothing of what was over before it.', async () => {
    const run = await contain(2, { offlineFor: '3h' });
    await env().sleep('30m');
    await env().simulator.act.setWish(2, false, 'carl');
    await env().sleep('30m');
    await env().simulator.act.comeOnline(2);
    const { receipt } = await run.outcome();
    assert.notEqual(receipt?.verdict, 'contained');
    assert.deepEqual(
      receipt?.drift.map(({ kind, reasserted, until }) => [kind, reasserted, until]),
      [['wish-withdrawn', false, null]],
    );
    await env().simulator.act.setWish(2, true, 'carl');
    await env().sleep('30m');
    assert.equal((await leaseOf(env(), 2)).pastDrift.length, 1);
    const later = await (await contain(2)).outcome();
    assert.deepEqual(later.receipt?.drift, []);
    await releaseAll(env(), 2);
  });

  it('a reboot: processes are those of the new boot, and a note says why.', async () => {
    const run = await contain(3);
    await env().sleep('30m');
    await env().simulator.act.comeOnline(3);
    await env().simulator.act.reboot(3);
    const { receipt } = await run.outcome();
    assert.ok(
      receipt?.notes.some((note) => note.startsWith('HOST-3 was rebooted while it was waited for')),
      JSON.stringify(receipt, null, 1),
    );
    await releaseAll(env(), 3);
  });
});
