import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortestPause } from '../../activities/slow-fact.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Looks at something that does not come, by one who would look every ten seconds. */
function looksIn(ms: number): number {
  let looks = 0;
  for (let waited = 0; waited < ms; looks += 1) waited += Math.max(10 * SECOND, shortestPause(waited));
  return looks;
}

describe('Looks at a slow fact', () => {
  it('come as often as they are asked for in the first minute, and every two seconds at most in the first ten.', () => {
    assert.equal(shortestPause(0), 0);
    assert.equal(shortestPause(MINUTE - 1), 0);
    assert.equal(shortestPause(MINUTE), 2 * SECOND);
    assert.equal(shortestPause(10 * MINUTE - 1), 2 * SECOND);
  });

  it('then come once a minute, after six hours less and less, and every five minutes at least.', () => {
    assert.equal(shortestPause(10 * MINUTE), MINUTE);
    assert.equal(shortestPause(6 * HOUR), MINUTE);
    assert.equal(shortestPause(12 * HOUR), 2 * MINUTE);
    assert.equal(shortestPause(30 * HOUR), 5 * MINUTE);
    assert.equal(shortestPause(90 * 24 * HOUR), 5 * MINUTE);
  });

  it('are some 1,500 in three days.', () => {
    assert.equal(looksIn(10 * MINUTE), 60);
    assert.ok(Math.abs(looksIn(72 * HOUR) - 1_500) < 50, String(looksIn(72 * HOUR)));
  });
});
