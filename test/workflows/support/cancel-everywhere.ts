import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertNothingLeaks, cancelAt, givenMd5, pointsOfACleanRun } from './cancel-at.js';
import { evilMd5, fleet } from './hosts.js';
import { withEnvironment } from './with-environment.js';

/** More than a clean run makes. */
const MOST = 60;
const LEAST = 20;

/** How often it polls or lists is up to the clock; each other change, and each kind of request, is there every time. */
function keyOf({ route, nth }: { route: string; nth: number }): string {
  const isUpToTheClock = route.startsWith('GET ') || route.endsWith('/command');
  return isUpToTheClock ? route : `${route} (${nth})`;
}

/** Cancels one run at each request of a clean one: nothing leaks, and no row is green. */
export function cancelEverywhere(phase: 'before' | 'after'): void {
  const env = withEnvironment({ scenario: fleet(MOST), checkinSeconds: 5 });

  it('leaves nothing of ours behind, or a host with a live match isolated, at every single request', async (t) => {
    const points = await pointsOfACleanRun(env(), 1);
    assert.ok(points.length >= LEAST && points.length < MOST, `${points.length} requests`);
    const reached = new Set<string>();
    for (const [k, point] of points.entries()) {
      const n = k + 2;
      const run = await cancelAt(env(), n, point, phase);
      const { at, outcome, left } = run;
      t.diagnostic(`${point.route} (${point.nth}): ${at === null ? 'not made' : outcome.receipt?.verdict}`);
      if (at === null) {
        assert.equal(outcome.receipt?.verdict, 'contained', 'a run that nobody cancelled is clean');
        assert.ok(left.wish && left.fact && left.alive === 0 && left.banned.length === 2);
        continue;
      }
      reached.add(keyOf(point));
      assertNothingLeaks(run, [evilMd5(n), givenMd5(n)]);
    }
    assert.deepEqual([...reached].sort(), [...new Set(points.map(keyOf))].sort());
    for (const route of [
      'GET /api/v1/sensor',
      'PUT /api/v1/sensor/:id',
      'POST /api/v1/cblr/session',
      'PUT /api/v1/cblr/session/:id',
      'POST /api/v1/banning/blacklist',
    ]) {
      assert.ok(reached.has(route) || reached.has(`${route} (1)`), route);
    }
  });
}
