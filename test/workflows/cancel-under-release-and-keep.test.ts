import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cancelAt, type CancelledRun, givenMd5, type Point } from './support/cancel-at.js';
import { evilMd5, fleet } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const POINTS: Record<string, Point> = {
  'the wish': { route: 'PUT /api/v1/sensor/:id', nth: 1 },
  'the open of the session': { route: 'POST /api/v1/cblr/session', nth: 1 },
  'the kill': { route: 'POST /api/v1/cblr/session/:id/command', nth: 1, command: 'kill' },
  'the ban of what was killed': { route: 'POST /api/v1/banning/blacklist', nth: 2 },
};
const CASES = Object.entries(POINTS).flatMap(([what, point]) =>
  (['before', 'after'] as const).map((phase) => ({ what, point, phase })),
);
const env = withEnvironment({ scenario: fleet(2 * CASES.length), checkinSeconds: 5 });

async function cancelled(n: number, point: Point, phase: 'before' | 'after', policy: 'release' | 'keep') {
  const run = await cancelAt(env(), n, point, phase, policy);
  const { receipt } = run.outcome;
  assert.ok(run.at !== null && receipt, 'the cancel came where it was to come');
  assert.deepEqual(receipt.failurePolicy, { policy, changedBy: null, why: null });
  assert.deepEqual(run.left.openSessions, []);
  assert.equal(run.left.fact, run.left.wish, 'wish and fact agree in the end');
  assert.ok(receipt.problems.some((p) => p.type === 'Cancelled'));
  return { ...run, receipt };
}

describe('A cancel under release', () => {
  for (const [i, { what, point, phase }] of CASES.entries()) {
    it(`${phase} ${what} acts undoes everything, and closes Cancelled`, async () => {
      const { outcome, receipt, left } = await cancelled(i + 1, point, phase, 'release');
      assert.deepEqual([outcome.closed, receipt.verdict], ['cancelled', 'rolled-back']);
      assert.ok(receipt.undo.length > 0);
      for (const undo of receipt.undo) assert.equal(undo.outcome, 'undone', undo.change);
      assert.equal(receipt.isolation.outcome, 'released');
      assert.deepEqual([left.wish, left.banned], [false, []]);
    });
  }
});

describe('A cancel under keep', () => {
  for (const [i, { what, point, phase }] of CASES.entries()) {
    it(`${phase} ${what} acts undoes nothing, says so, and closes Failed`, async () => {
      const n = CASES.length + i + 1;
      const run = await cancelled(n, point, phase, 'keep');
      const { outcome, receipt, left } = run;
      assert.deepEqual([outcome.closed, outcome.type], ['failed', receipt.verdict]);
      const verdicts = { isolated: 'contained-partly', pending: 'isolation-pending' } as Record<
        string,
        string
      >;
      assert.equal(receipt.verdict, verdicts[receipt.isolation.outcome], receipt.isolation.outcome);
      assert.deepEqual(receipt.undo, []);
      assert.equal(receipt.hostState.wish, true);
      assert.equal(left.wish, true, 'the host stays isolated');
      assertBansStand(run, n);
      assert.deepEqual(
        receipt.processes.map((p) => p.outcome),
        run.killsAsked === 0 ? [] : ['killed'],
      );
      assert.equal(left.alive, run.killsAsked === 0 ? 1 : 0);
    });
  }
});

/** What is banned is what the receipt calls banned, and the other way round. */
function assertBansStand({ outcome, left }: CancelledRun, n: number): void {
  const told = outcome.receipt?.bans.filter((b) => b.outcome === 'banned').map((b) => b.md5) ?? [];
  assert.deepEqual([...left.banned].sort(), told.sort());
  assert.ok(left.banned.every((md5) => [evilMd5(n), givenMd5(n)].includes(md5)));
}
