import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdmitAnswer, AdmitArgs, BrakesCarried } from '../../contract/index.js';
import { BrakeBook } from '../../workflows/brake-book.js';

const HOUR = 3_600_000;

function args(runId: string, sensorId: number, more: Partial<AdmitArgs> = {}): AdmitArgs {
  return {
    ...{ workflowId: 'contain/x', runId, sensorId, hostname: `HOST-${sensorId}`, isolate: true },
    ...{ limits: { containmentsPerHour: null, isolatedAtOnce: 1 }, override: false, gone: [] },
    ...more,
  };
}

const seen = ({ counted }: AdmitAnswer): AdmitArgs['gone'] =>
  counted.map(({ sensorId, admissions }) => ({ sensorId, admissions }));

describe('The book of the brakes', () => {
  for (const continued of [false, true]) {
    it(`keeps a sensor that was taken off and let in again from one who looked before${continued ? ', in a new run too' : ''}`, () => {
      let book = new BrakeBook(undefined);
      const next = (): void => {
        if (continued) book = new BrakeBook(JSON.parse(JSON.stringify(book.carried())) as BrakesCarried);
      };
      assert.equal(book.admit(args('first', 1)).admitted, true);
      const gone = seen(book.admit(args('late', 2)));
      next();
      assert.equal(book.admit(args('again', 1, { gone })).admitted, true);
      next();
      const late = book.admit(args('late', 2, { gone }));
      assert.deepEqual([late.admitted, late.type], [false, 'LimitReached']);
      assert.equal(book.admit(args('late', 2, { gone: seen(late) })).admitted, true);
      assert.deepEqual(
        book.isolated.map((s) => s.sensorId),
        [2],
      );
    });
  }

  it('of an older run counts on from the highest that it left', () => {
    const book = new BrakeBook(undefined);
    book.admit(args('first', 1));
    const { admitted, ...older } = book.carried();
    assert.equal(admitted, 1);
    const heir = new BrakeBook(older);
    heir.admit(args('more', 1));
    assert.equal(heir.isolated[0]?.admissions, 2);
  });

  it('says when the next may start, where more are counted than the limit allows', () => {
    const now = Date.now();
    const minutesAgo = [50, 40, 30, 20];
    const lastHour = minutesAgo.map((m) => ({ run: `r/${m}`, at: now - m * 60_000, letThrough: null }));
    const book = new BrakeBook({ paused: null, lastHour, isolated: [], events: [] });
    const limits = { containmentsPerHour: 2, isolatedAtOnce: null };
    const refused = book.admit(args('next', 1, { limits }));
    // Two are left of four when the third one, of 30 minutes ago, is older than an hour.
    const free = new Date(now - 30 * 60_000 + HOUR).toISOString();
    assert.match(refused.why ?? '', new RegExp(`The next may start at ${free.replaceAll('.', '\\.')}`));
    const none = book.admit(args('next', 1, { limits: { ...limits, containmentsPerHour: 0 } }));
    assert.doesNotMatch(none.why ?? '', /may start/);
  });
});
