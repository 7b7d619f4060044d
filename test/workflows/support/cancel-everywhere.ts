import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertNothingLeaks, cancelAt, givenMd5 } from './cancel-at.js';
import { evilMd5, fleet } from './hosts.js';
import { withEnvironment } from './with-environment.js';

/** More than a clean run makes: the loop ends where a run makes no such request any more. */
const MOST = 60;
const LEAST = 20;

/** Cancels one run at each request of a clean one: nothing leaks, and no row is green. */
export function cancelEverywhere(phase: 'before' | 'after'): void {
  const env = withEnvironment({ scenario: fleet(MOST), checkinSeconds: 5 });
  const reached: string[] = [];

  it('leaves nothing of ours behind, or a host with a live match isolated, at every single request', async (t) => {
    for (let k = 1; k <= MOST && !t.signal.aborted; k += 1) {
      const run = await cancelAt(env(), k, k, phase);
      const { at, outcome, left } = run;
      if (at === null) {
        assert.equal(outcome.receipt?.verdict, 'contained', 'a run that nobody cancelled is clean');
        assert.ok(left.wish && left.fact && left.alive === 0 && left.banned.length === 2);
        return;
      }
      reached.push(`${at.method} ${at.route}`);
      t.diagnostic(`${k}. ${at.method} ${at.path}: ${outcome.receipt?.verdict}`);
      assertNothingLeaks(run, [evilMd5(k), givenMd5(k)]);
    }
    assert.fail(`a clean run makes fewer than ${MOST} requests`);
  });

  it('came at every kind of request that a clean run makes', () => {
    assert.ok(reached.length >= LEAST, `${reached.length} requests`);
    for (const route of [
      'GET /api/v1/sensor',
      'PUT /api/v1/sensor/:id',
      'POST /api/v1/cblr/session',
      'PUT /api/v1/cblr/session/:id',
      'POST /api/v1/banning/blacklist',
    ]) {
      assert.ok(
        reached.some((r) => r.endsWith(route)),
        `${route} in ${[...new Set(reached)].join(', ')}`,
      );
    }
  });
}
