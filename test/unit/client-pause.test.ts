import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { pause } from '../../client/pause.js';

describe('A pause of the client library', () => {
  // A run that waited for its host left one for every half second, and Node warned of it after the eleventh.
  it('leaves no listener on the signal, however often it is made', async () => {
    const { signal } = new AbortController();
    for (let n = 0; n < 20; n += 1) await pause(0, signal);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('ends at once where the signal is given, before or meanwhile, and does not throw', async () => {
    const given = new AbortController();
    const waiting = pause(600_000, given.signal);
    given.abort(new Error('given up'));
    await waiting;
    await pause(600_000, given.signal);
    assert.equal(getEventListeners(given.signal, 'abort').length, 0);
  });
});
