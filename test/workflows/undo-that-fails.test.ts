import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitCodeOf } from '../../contract/index.js';
import type { RequestMatch } from '../../simulator/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { REFUSED, REQUESTS } from './support/fault-table.js';
import { EVIL_PATH, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const GIVEN = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1';
const env = withEnvironment({ scenario: fleet(3) });

/** Live Response is refused, so that what was done by then is undone; with one more fault in the undo's way. */
async function undone(n: number, request: 'unban' | 'withdraw the wish', times?: number) {
  const { faults } = env().simulator;
  const planted = [
    faults.add({ ...(REQUESTS['open a session']() as RequestMatch), kind: REFUSED['401'] }),
    faults.add({ ...(REQUESTS[request](n) as RequestMatch), kind: REFUSED['403'], times }),
  ];
  const banMd5 = [`${GIVEN.slice(0, -1)}${n}`];
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe', banMd5 });
  const outcome = await run.outcome();
  for (const fault of planted) fault.remove();
  assert.ok(outcome.receipt);
  return {
    ...outcome,
    receipt: outcome.receipt,
    left: () => aftermath(env(), n, { path: EVIL_PATH, md5s: banMd5 }),
  };
}

describe('An undo that is refused', () => {
  it('of a ban makes rollback-incomplete and is named; the isolation is undone all the same', async () => {
    const { closed, type, receipt, left } = await undone(1, 'unban');
    assert.deepEqual([closed, type], ['failed', 'rollback-incomplete']);
    assert.equal(exitCodeOf(receipt), 14);
    assert.deepEqual(
      receipt.undo.map((u) => [u.change, u.outcome]),
      [
        ['ban', 'failed'],
        ['isolation', 'undone'],
      ],
    );
    assert.match(receipt.undo[0]?.why ?? '', /Forbidden/);
    assert.match(receipt.summary, /needs a person/);
    const { wish, banned } = await left();
    assert.deepEqual([wish, banned.length], [false, 1]);
  });

  it('of the wish is tried for a day, then makes rollback-incomplete: never a green row', async () => {
    const started = await env().clock.now();
    const { type, receipt, left } = await undone(2, 'withdraw the wish');
    assert.equal(type, 'rollback-incomplete');
    assert.ok((await env().clock.now()) - started >= 86_400_000);
    assert.deepEqual(
      receipt.undo.map((u) => [u.change, u.outcome]),
      [
        ['ban', 'undone'],
        ['isolation', 'failed'],
      ],
    );
    assert.equal((await left()).wish, true);
  });

  it('is carried out by the lease once the server lets it, long after the run has closed', async () => {
    await env().sleep('30m');
    assert.equal((await effectsOn(env(), 2, ['released'])).length, 1);
  });

  it('once only is tried again and undone', async () => {
    const { type, receipt, left } = await undone(3, 'withdraw the wish', 1);
    assert.equal(type, 'rolled-back');
    assert.ok(receipt.undo.every((u) => u.outcome === 'undone'));
    assert.deepEqual(await left(), { wish: false, fact: false, alive: 1, banned: [], openSessions: [] });
  });
});
