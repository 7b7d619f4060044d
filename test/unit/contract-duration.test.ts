import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDuration, parseDuration } from '../../contract/index.js';

describe('durations', () => {
  for (const [text, ms] of [
    ['90s', 90_000],
    ['15m', 900_000],
    ['4h', 14_400_000],
    ['2d', 172_800_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    [' 4H ', 14_400_000],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(parseDuration(text), ms));
  }

  for (const text of ['', '4', 'h', '-4h', '4 h', '4w', '0s', '0.0001s', '1e3s', 'four hours']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseDuration(text), null));
  }

  it('writes the two largest units', () => {
    assert.equal(formatDuration(5_400_000), '1h 30m');
    assert.equal(formatDuration(90_061_000), '1d 1h');
    assert.equal(formatDuration(45_400), '45s');
    assert.equal(formatDuration(0), '0s');
    assert.equal(formatDuration(-5), '0s');
  });
});
