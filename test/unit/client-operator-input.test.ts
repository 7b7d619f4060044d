import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidRequestError } from '../../client/errors.js';
import { durationMs, extensionMs, hostRefOf, wordsOf } from '../../client/operator-input.js';

const HOUR = 3_600_000;
const fieldOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof InvalidRequestError);
    return error.mistakes.map((m) => m.field).join();
  }
  return 'nothing';
};

describe('what operator verbs are given', () => {
  it('a reason is needed, in words of one line', () => {
    assert.deepEqual(wordsOf({ who: 'ann', reason: '  looks \n odd ' }), { who: 'ann', reason: 'looks odd' });
    assert.deepEqual(wordsOf({ reason: 'x' }), { who: null, reason: 'x' });
    for (const reason of ['', '   ', 'x'.repeat(1_001), 'bell \u0007', undefined, 7]) {
      assert.equal(
        fieldOf(() => wordsOf({ reason: reason as string })),
        'reason',
      );
    }
  });

  it('a duration is above zero and within what the policy allows', () => {
    assert.equal(durationMs('lease', '90m', 2 * HOUR), 1.5 * HOUR);
    for (const text of ['', '0h', '-2h', '3h', '4', 'soon', '1e9d', '2 h']) {
      assert.equal(
        fieldOf(() => durationMs('lease', text, 2 * HOUR)),
        'lease',
      );
    }
  });

  it('an extension may take the end away', () => {
    assert.equal(extensionMs(' Until-Released', HOUR), null);
    assert.equal(extensionMs('1h', HOUR), HOUR);
    assert.equal(
      fieldOf(() => extensionMs('forever', HOUR)),
      'duration',
    );
  });

  it('a host is named by its name, its sensor, its lease, or the id of a run', () => {
    assert.deepEqual(hostRefOf('isolation/7'), { sensorId: 7 });
    assert.deepEqual(hostRefOf(' sensor-7 '), { sensorId: 7 });
    assert.deepEqual(hostRefOf('contain/sensor-7'), { sensorId: 7 });
    assert.deepEqual(hostRefOf('contain/win7pro64'), {
      hostname: 'win7pro64',
      workflowId: 'contain/win7pro64',
    });
    assert.deepEqual(hostRefOf('alerts/4711'), { workflowId: 'alerts/4711' });
    for (const text of ['', ' ', 'win7*', 'two words', '?']) {
      assert.equal(
        fieldOf(() => hostRefOf(text)),
        'host',
      );
    }
  });
});
