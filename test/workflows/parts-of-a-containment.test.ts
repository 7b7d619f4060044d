import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContainRequest } from '../../contract/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evil, evilMd5, fleet, hostName, md5Of } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(7, (n) => ({
    supportsLiveResponse: n !== 1,
    processes: [
      evil(n, n === 5 ? { path: 'c:\\tools\\twin.exe' } : n === 6 ? { path: 'c:\\x\\twin.exe' } : {}),
    ],
  })),
});
const left = (n: number, md5s = [evilMd5(n)]) => aftermath(env(), n, { path: EVIL_PATH, md5s });

async function contain(request: ContainRequest) {
  const run = await env().contain(request);
  const { receipt } = await run.outcome();
  assert.ok(receipt);
  return receipt;
}

describe('A containment that kills nothing', () => {
  it('isolates and bans given hashes where Live Response is not there', async () => {
    const receipt = await contain({ hostname: hostName(1), kill: false, banMd5: [evilMd5(1).toLowerCase()] });
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.hostState.liveMatches, null);
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome, b.guid]),
      [[evilMd5(1), 'banned', null]],
    );
    assert.deepEqual(receipt.sessions, []);
    assert.equal((await effectsOn(env(), 1, ['session-opened'])).length, 0);
  });
});

describe('A containment that does not isolate', () => {
  it('kills and bans, and leaves the network alone', async () => {
    const receipt = await contain({ hostname: hostName(2), processName: 'evil.exe', isolate: false });
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.isolation.outcome, 'skipped');
    assert.deepEqual(await left(2), {
      wish: false,
      fact: false,
      alive: 0,
      banned: [evilMd5(2)],
      openSessions: [],
    });
  });
});

describe('Hashes to ban', () => {
  it('that were given are banned at once, before the first process is killed', async () => {
    const other = md5Of('some other tool');
    const receipt = await contain({ hostname: hostName(3), processName: 'evil.exe', banMd5: [other] });
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(new Set((await left(3, [other, evilMd5(3)])).banned), new Set([other, evilMd5(3)]));
    const order = (await effectsOn(env(), 3, ['banned', 'killed'])).filter(
      (e) => e.effect === 'killed' || e.md5?.toUpperCase() === other,
    );
    assert.deepEqual(
      order.map((e) => e.effect),
      ['banned', 'killed'],
    );
  });

  it('are none where the scope says so', async () => {
    const receipt = await contain({ hostname: hostName(4), processName: 'evil.exe', banScope: 'none' });
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(receipt.bans, []);
    assert.deepEqual((await left(4)).banned, []);
  });

  it('are those seen under the name on any host where the scope says so', async () => {
    const receipt = await contain({ hostname: hostName(5), processName: 'twin.exe', banScope: 'name' });
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(new Set(receipt.bans.map((b) => b.md5)), new Set([evilMd5(5), evilMd5(6)]));
    assert.deepEqual((await left(5, [evilMd5(5), evilMd5(6)])).banned.length, 2);
  });

  it('tell in their text who, when, and which run', async () => {
    const receipt = await contain({
      hostname: hostName(7),
      processName: 'evil.exe',
      requestedBy: 'ana',
      reason: 'alert 4711',
    });
    const { bans } = await env().simulator.state();
    const { text } = bans.find((b) => b.md5.toUpperCase() === evilMd5(7)) ?? { text: '' };
    for (const part of [
      'ana',
      'alert 4711',
      receipt.workflowId,
      receipt.runId,
      receipt.endedAt.slice(0, 10),
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
  });
});
