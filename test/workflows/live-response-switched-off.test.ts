import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { exitCodeOf } from '../../contract/index.js';
import { aftermath } from './support/aftermath.js';
import { attemptsOf } from './support/history.js';
import { EVIL_PATH, evilMd5, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const env = withEnvironment({ checkinSeconds: 5, scenario: fleet(4) });
const turn = (liveResponseEnabled: boolean) => env().simulator.act.turn({ liveResponseEnabled });
const left = (n: number) => aftermath(env(), n, { path: EVIL_PATH, md5s: [evilMd5(n)] });

describe('A server with Live Response switched off', () => {
  beforeEach(() => turn(false));

  it('is an objection that says how to settle it, and nothing is changed', async () => {
    const { simulator } = env();
    const before = (await simulator.ledger()).length;
    const asked = simulator.journal().length;
    const run = await env().contain({ hostname: hostName(1), processName: 'evil.exe' });
    const { closed, type, receipt } = await run.outcome();
    assert.deepEqual([closed, type, receipt?.verdict], ['failed', 'not-contained', 'not-contained']);
    assert.ok(receipt);
    assert.equal(exitCodeOf(receipt), 12);
    assert.deepEqual(receipt.problems, [
      {
        step: 'preflight',
        type: 'LiveResponseOff',
        message:
          'Live Response is switched off on the server. To settle it: CbLREnabled=True in the server’s cb.conf and a ' +
          'restart, or --no-kill (kill: false).',
      },
    ]);
    assert.deepEqual(await attemptsOf(run.handle, 'preflight'), [1]);
    await env().sleep('30s');
    assert.deepEqual((await simulator.ledger()).slice(before), []);
    assert.deepEqual(
      simulator
        .journal()
        .slice(asked)
        .filter((e) => e.method !== 'GET'),
      [],
    );
  });

  it('is none to a containment that kills nothing: the host is isolated, given hashes are banned', async () => {
    const { simulator } = env();
    const before = simulator.journal().length;
    const run = await env().contain({ hostname: hostName(2), kill: false, banMd5: [evilMd5(2)] });
    const { closed, receipt } = await run.outcome();
    assert.ok(receipt);
    assert.deepEqual([closed, receipt.verdict], ['completed', 'contained']);
    assert.deepEqual(receipt.problems, []);
    assert.equal(receipt.hostState.liveMatches, null);
    assert.deepEqual(
      receipt.bans.map((b) => [b.md5, b.outcome]),
      [[evilMd5(2), 'banned']],
    );
    const { wish, fact, banned } = await left(2);
    assert.deepEqual({ wish, fact, banned }, { wish: true, fact: true, banned: [evilMd5(2)] });
    const asked = simulator.journal().slice(before);
    assert.ok(!asked.some((e) => e.path.startsWith('/api/v1/cblr')), 'Live Response is not even asked for');
  });
});

describe('Live Response that is switched off in the middle of a run', () => {
  beforeEach(() => turn(true));
  /** Somebody switches it off just before a request of the nth host acts. */
  const offBefore = async (
    n: number,
    match: { method: string; route: string | RegExp; bodyIncludes?: object },
  ) => {
    const hold = env().simulator.hold({ ...match, when: 'before' });
    const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
    const ended = env().timePasses(run.outcome());
    const { n: requestN } = await hold.arrived;
    await turn(false);
    hold.release();
    const { type, receipt } = await ended;
    assert.ok(receipt);
    const asked = env()
      .simulator.journal()
      .filter((e) => e.n >= requestN && e.method === 'POST' && e.path.startsWith('/api/v1/cblr'));
    return { type, receipt, asked: asked.length, attempts: await attemptsOf(run.handle, 'enumerateAndKill') };
  };

  it('is not asked twice for a session: everything is undone', async () => {
    const { type, receipt, asked, attempts } = await offBefore(3, {
      method: 'POST',
      route: '/api/v1/cblr/session',
    });
    assert.equal(type, 'rolled-back');
    assert.deepEqual(
      receipt.problems.map((p) => p.type),
      ['LiveResponseOff'],
    );
    assert.match(receipt.problems[0]?.message ?? '', /CbLREnabled=True/);
    assert.deepEqual(
      receipt.undo.map((u) => [u.change, u.outcome]),
      [['isolation', 'undone']],
    );
    assert.deepEqual([asked, attempts], [1, [1]]);
    const { wish, fact, alive, banned } = await left(3);
    assert.deepEqual({ wish, fact, alive, banned }, { wish: false, fact: false, alive: 1, banned: [] });
  });

  it('keeps a host with a live match isolated, and tells of the session that nobody can close', async () => {
    const { type, receipt, asked, attempts } = await offBefore(4, {
      method: 'POST',
      route: /\/command$/,
      bodyIncludes: { name: 'kill' },
    });
    assert.equal(type, 'contained-partly');
    assert.ok(receipt.gaps.includes('process-alive'));
    assert.ok(receipt.problems.some((p) => p.type === 'LiveResponseOff'));
    assert.deepEqual(receipt.undo, []);
    assert.deepEqual([asked, attempts], [1, [1]]);
    assert.deepEqual(
      receipt.sessions.map((s) => [s.ours, s.closed]),
      [[true, false]],
    );
    const { wish, fact, alive } = await left(4);
    assert.deepEqual({ wish, fact, alive }, { wish: true, fact: true, alive: 1 });
  });
});
