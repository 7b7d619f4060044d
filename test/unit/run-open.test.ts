import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOpen } from '../../activities/is-run-open.js';

describe('A run that holds an isolation', () => {
  it('is open while it runs, and while an operator has paused it.', () => {
    assert.deepEqual([isOpen('RUNNING'), isOpen('PAUSED')], [true, true]);
  });

  it('has ended in every other state.', () => {
    for (const status of [
      'COMPLETED',
      'FAILED',
      'CANCELLED',
      'TERMINATED',
      'TIMED_OUT',
      'CONTINUED_AS_NEW',
    ] as const)
      assert.equal(isOpen(status), false);
  });
});
