import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Journal } from '../../../proof/schedules/journal.js';
import type { Played } from '../../../proof/schedules/lanes.js';

const folder = mkdtempSync(join(tmpdir(), 'cb-journal-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});
const SAME = { commit: 'abc', seed: 1, n: 200 };
const of = (seeds: number[], more: Partial<Played> = {}): Played => ({
  order: { base: 1, seeds },
  results: [],
  again: null,
  ...more,
});

describe('What was played of the fault schedules', () => {
  it('is there in the next sitting, and a line that was being written is not', () => {
    const file = join(folder, 'torn');
    const first = Journal.open(file, SAME);
    first.add(of([1]));
    first.add(of([2, 3]));
    appendFileSync(file, '{"order":{"base":1,"se');
    const next = Journal.open(file, SAME);
    assert.deepEqual(
      next.before.map(({ order }) => order.seeds),
      [[1], [2, 3]],
    );
    assert.deepEqual(
      [next.has([1]), next.has([2, 3]), next.has([2]), next.has([4])],
      [true, true, false, false],
    );
  });

  it('counts once where it was played once more: the last word', () => {
    const file = join(folder, 'again');
    const first = Journal.open(file, SAME);
    first.add(of([1], { stoodStill: 'Nothing moves.' }));
    first.add(of([2]));
    first.add(of([1], { again: 'Nothing moves.' }));
    assert.deepEqual(
      Journal.open(file, SAME).before.map(({ order, stoodStill }) => [order.seeds, stoodStill]),
      [
        [[1], undefined],
        [[2], undefined],
      ],
    );
  });

  it('of another commit, another seed or another number is refused', () => {
    const file = join(folder, 'other');
    Journal.open(file, SAME).add(of([1]));
    assert.throws(() => Journal.open(file, { ...SAME, commit: 'def' }), /give --resume another file/);
    assert.throws(() => Journal.open(file, { ...SAME, seed: 2 }), /give --resume another file/);
    assert.throws(() => Journal.open(file, { ...SAME, n: 5_000 }), /give --resume another file/);
  });

  it('of a commit that is named counts, and what it found wrong is played again', () => {
    const file = join(folder, 'also');
    const old = Journal.open(file, SAME);
    old.add(of([1]));
    old.add(of([2], { results: [{ n: 2, violations: [{ letter: 'c', what: 'lost' }] } as never] }));
    old.add(of([3], { stoodStill: 'Nothing moves.' }));
    const here = { ...SAME, commit: 'def' };
    const next = Journal.open(file, here, ['abc']);
    assert.deepEqual(
      next.before.map(({ order, commit }) => [order.seeds, commit]),
      [[[1], 'abc']],
    );
    next.add(of([2]));
    assert.deepEqual(
      Journal.open(file, here, ['abc']).before.map(({ order, commit }) => [order.seeds, commit]),
      [
        [[1], 'abc'],
        [[2], 'def'],
      ],
    );
    assert.throws(() => Journal.open(file, here), /give --resume another file/);
  });
});
