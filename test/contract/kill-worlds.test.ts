import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkKillSeeds } from './kill-worlds/check-seeds.js';

it('On random hosts and for random selectors the kill takes what is meant, nothing else, and nothing that is protected.', async () => {
  // The first of those that the proof runs by the thousand.
  const seeds = Array.from({ length: 40 }, (_, i) => i + 1);
  const { ran, kills, faults } = await checkKillSeeds(seeds);
  assert.deepEqual(faults, []);
  assert.ok(ran > 0.6 * seeds.length && kills > 0.3 * ran, 'most seeds are worlds worth it');
});
