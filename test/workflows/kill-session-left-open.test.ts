import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, fleet, hostName } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';
import { onTheWrongWorker } from './support/wrong-worker.js';

const WANDERS = 4;
const REVOKED = 5;
const SILENT = 6;
const LATE = 7;
const ANALYSTS = 8;
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: fleet(8),
  activityOverrides: { enumerateAndKill: onTheWrongWorker(() => env(), WANDERS) },
});
const contain = async (n: number) => {
  const run = await env().contain({ hostname: hostName(n), processName: 'evil.exe' });
  const { receipt } = await run.outcome();
  assert.ok(receipt);
  return { receipt, left: await aftermath(env(), n, { path: EVIL_PATH, md5s: [] }) };
};
const open = (n: number) => ({
  method: 'POST',
  route: '/api/v1/cblr/session',
  bodyIncludes: { sensor_id: n },
});

/** From the moment that a session is opened, its list is refused. */
function refuseListsAfterOpen(status: number): { remove: () => void } {
  let fault: { remove: () => void } | null = null;
  const stop = env().simulator.observe(({ phase, entry }) => {
    if (phase !== 'after' || entry.method !== 'POST' || !entry.path.endsWith('/cblr/session')) return;
    fault ??= env().simulator.faults.add({
      method: 'GET',
      route: 'GET /api/v1/cblr/session',
      kind: { status, body: 'no' },
    });
  });
  return {
    remove: () => {
      stop();
      fault?.remove();
    },
  };
}

describe('A session of ours', () => {
  for (const [n, status] of [
    [1, 500],
    [2, 503],
  ] as const) {
    it(`that was opened though the server answered ${status} is found again and closed.`, async () => {
      const fault = env().simulator.faults.add({ ...open(n), times: 1, kind: { status, body: 'oops' } });
      const stop = env().simulator.observe(async ({ phase, entry }) => {
        if (phase !== 'before' || entry.method !== 'POST' || !entry.path.endsWith('/session')) return;
        stop();
        const { checkin_timeout: asked } = entry.body as { checkin_timeout: number };
        await env().simulator.act.openSessionAs(n, 'api', asked);
      });
      const { receipt, left } = await contain(n);
      assert.equal(fault.hits(), 1);
      assert.deepEqual(left.openSessions, []);
      assert.equal(receipt.verdict, 'contained');
      assert.deepEqual(
        receipt.sessions.map((s) => [s.ours, s.closed]),
        [[true, true]],
      );
      assert.equal((await effectsOn(env(), n, ['session-opened'])).length, 1);
    });
  }

  it('that was opened late, by a request that had been given up, is found again and closed.', async () => {
    const fault = env().simulator.faults.add({
      ...open(LATE),
      times: 1,
      kind: { status: 500, body: 'oops' },
    });
    let asked = 0;
    const stop = env().simulator.observe(async ({ phase, entry }) => {
      if (phase !== 'before' || entry.method !== 'POST' || !entry.path.endsWith('/session')) return;
      asked += 1;
      if (asked < 2) return;
      stop();
      const { checkin_timeout: timeout } = entry.body as { checkin_timeout: number };
      await env().simulator.act.openSessionAs(LATE, 'api', timeout);
    });
    const { receipt, left } = await contain(LATE);
    assert.deepEqual([fault.hits(), asked], [1, 2]);
    assert.deepEqual(left.openSessions, []);
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.sessions.map((s) => [s.ours, s.closed]),
      [[true, true]],
    );
    assert.equal((await effectsOn(env(), LATE, ['session-opened'])).length, 1);
  });

  it('that could not be closed for a while is closed before the run ends, and the receipt says why.', async () => {
    const close = { method: 'PUT', route: /\/cblr\/session\/\d+$/ };
    const fault = env().simulator.faults.add({ ...close, times: 6, kind: 'html-502' });
    const { receipt, left } = await contain(3);
    assert.equal(fault.hits(), 6);
    assert.deepEqual(left.openSessions, []);
    assert.equal(receipt.verdict, 'contained');
    assert.deepEqual(
      receipt.sessions.map((s) => [s.ours, s.closed]),
      [[true, true]],
    );
    assert.ok(receipt.notes.some((note) => /could not be closed yet/.test(note)));
  });

  it('that was opened just before the token was revoked is named: it may stand, and nobody could look.', async () => {
    const opened = env().simulator.faults.add({ ...open(REVOKED), times: 1, kind: 'act-then-cut' });
    const revoked = refuseListsAfterOpen(401);
    const { receipt, left } = await contain(REVOKED).finally(() => revoked.remove());
    assert.equal(opened.hits(), 1);
    assert.equal(left.openSessions.length, 1);
    assert.notEqual(receipt.verdict, 'contained');
    assert.ok(receipt.problems.some(({ step }) => step === 'settle-session'));
    assert.ok(receipt.notes.some((note) => /Live Response session of this run may stand on/.test(note)));
    assert.deepEqual(receipt.sessions, []);
  });

  it('that was opened just before the server fell silent is closed when it is back, after the step’s deadline.', async () => {
    const opened = env().simulator.faults.add({ ...open(SILENT), times: 1, kind: 'act-then-cut' });
    const silent = refuseListsAfterOpen(503);
    const run = await env().contain({ hostname: hostName(SILENT), processName: 'evil.exe' });
    const stood = async (): Promise<number> => {
      await env().sleep('3m');
      // Nobody uses it, so that it would time out by itself.
      const { openSessions } = await aftermath(env(), SILENT, { path: EVIL_PATH, md5s: [] });
      await env().sleep('30s');
      return openSessions.length;
    };
    const stands = await stood().finally(() => silent.remove());
    const { receipt } = await run.outcome();
    assert.ok(receipt);
    const closed = await effectsOn(env(), SILENT, ['session-closed']);
    assert.equal(opened.hits(), 1);
    assert.deepEqual([stands, closed.length], [1, 1]);
    assert.ok(receipt.problems.some(({ type }) => type === 'SessionUnavailable'));
    assert.deepEqual(
      receipt.sessions.map((s) => [s.ours, s.closed]),
      [[true, true]],
    );
  });

  it('is not what an analyst opened while nobody could look: that one stands when the run has ended.', async () => {
    const opened = env().simulator.faults.add({
      ...open(ANALYSTS),
      times: 1,
      kind: { status: 503, body: 'no' },
    });
    const silent = refuseListsAfterOpen(503);
    const run = await env().contain({ hostname: hostName(ANALYSTS), processName: 'evil.exe' });
    await env().sleep('1m');
    const theirs = await env().simulator.act.openSessionAs(ANALYSTS, 'analyst');
    await env().sleep('3m');
    silent.remove();
    const { receipt } = await run.outcome();
    assert.ok(receipt);
    assert.equal(opened.hits(), 1);
    assert.ok(receipt.problems.some(({ type }) => type === 'SessionUnavailable'));
    assert.deepEqual(receipt.sessions, []);
    assert.deepEqual(await effectsOn(env(), ANALYSTS, ['session-closed']), []);
    const { sessions } = await env().simulator.state();
    assert.ok(sessions.some((s) => s.id === theirs && s.openedBy === 'analyst'));
  });

  it('is not lost when the retry runs on a worker of another server: it is closed, what was killed is told.', async () => {
    const fault = env().simulator.faults.add({
      method: 'POST',
      route: /\/command$/,
      bodyIncludes: { name: 'kill' },
      times: 1,
      kind: 'act-then-cut',
    });
    const { receipt, left } = await contain(WANDERS);
    assert.equal(fault.hits(), 1);
    assert.ok(receipt.problems.some((p) => p.type === 'WrongServer'));
    assert.deepEqual([left.openSessions, left.alive], [[], 0]);
    assert.deepEqual(
      receipt.processes.map((p) => p.outcome),
      ['killed'],
    );
  });
});
