import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkSeeds } from './model/check-seeds.js';

it('The lease does as a model of holders and holds says, on the first of the seeds that the proof runs by the thousand.', async () => {
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  assert.deepEqual(await checkSeeds(seeds, { sideBySide: 1 }), []);
});
