import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aftermath, effectsOn } from './support/aftermath.js';
import { REFUSED } from './support/fault-table.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  checkinSeconds: 5,
  scenario: {
    ...fleet(6, (n) => ({ isolated: n <= 2 })),
    bans: [
      { binary: 'evil-3', username: 'bob', text: 'by hand' },
      { binary: 'evil-4', username: 'bob', text: 'by hand' },
      { binary: 'evil-5', username: 'bob', text: 'lifted', enabled: false },
      { binary: 'evil-6', username: 'bob', text: 'lifted', enabled: false },
    ],
  },
});
const left = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] });

/** With `fails`, the hash is banned at once and Live Response refused, so that everything of ours is undone. */
async function contain(n: number, fails: boolean) {
  const fault = fails
    ? env().simulator.faults.add({ method: 'POST', route: '/api/v1/cblr/session', kind: REFUSED['401'] })
    : null;
  const run = await env().contain({
    hostname: hostName(n),
    processName: 'evil.exe',
    ...(fails ? { banMd5: [evilMd5(n)] } : {}),
  });
  const { receipt } = await run.outcome();
  fault?.remove();
  assert.ok(receipt);
  return receipt;
}

describe('An isolation that somebody else made', () => {
  it('counts, and is told apart', async () => {
    const receipt = await contain(1, false);
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.isolation.outcome, 'already-isolated');
    assert.ok(receipt.notes.some((note) => /isolated by somebody else/.test(note)));
    assert.deepEqual(await effectsOn(env(), 1, ['wish-set']), []);
  });

  it('is never undone: the receipt says it is left', async () => {
    const receipt = await contain(2, true);
    assert.deepEqual(
      receipt.undo.map((u) => [u.change, u.outcome]),
      [
        ['ban', 'undone'],
        ['isolation', 'left'],
      ],
    );
    assert.equal(receipt.verdict, 'rolled-back');
    const { wish, fact } = await left(2);
    assert.deepEqual([wish, fact], [true, true]);
    assert.deepEqual(await effectsOn(env(), 2, ['wish-cleared']), []);
  });
});

describe('A ban that somebody else made', () => {
  it('is a success, told apart by who made it', async () => {
    const receipt = await contain(3, false);
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.bans.map((b) => [b.outcome, b.why]),
      [['already-banned', 'By bob.']],
    );
  });

  it('stands when this run is undone', async () => {
    const receipt = await contain(4, true);
    assert.equal(receipt.verdict, 'rolled-back');
    assert.deepEqual(
      receipt.undo.map((u) => u.change),
      ['isolation'],
    );
    assert.deepEqual((await left(4)).banned, [evilMd5(4)]);
  });
});

describe('A ban that was lifted', () => {
  it('is enabled, and that is ours', async () => {
    const receipt = await contain(5, false);
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.bans[0]?.outcome, 'banned');
    assert.deepEqual((await left(5)).banned, [evilMd5(5)]);
  });

  it('is lifted again when this run is undone', async () => {
    const receipt = await contain(6, true);
    assert.equal(receipt.verdict, 'rolled-back');
    assert.ok(receipt.undo.every((u) => u.outcome === 'undone'));
    assert.deepEqual((await left(6)).banned, []);
  });
});
