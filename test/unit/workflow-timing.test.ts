import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as timing from '../../workflows/timing.js';

/** Found by `npm run proof -- --part kill-points`: a look at a slow fact was missed for 25 s when its worker died. */
it('A worker that died in a look that a run waits for is missed after ten seconds.', () => {
  const { quickRead, longRead, mutating, leaseCall, liveResponse, undoing, lastRead } = timing;
  const all = [quickRead, longRead, mutating, leaseCall, liveResponse, undoing, lastRead];
  for (const options of [...all, timing.slowFact(60_000, 0)]) {
    assert.equal(options.heartbeatTimeout, 10_000, JSON.stringify(options));
  }
});
