import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Context } from '@temporalio/activity';
import { rememberingAttributes } from '../../activities/known-attributes.js';
import { SEARCH_ATTRIBUTES } from '../../contract/index.js';

const MINUTE = 60_000;
const ALL: string[] = Object.values(SEARCH_ATTRIBUTES);

/** A namespace whose attributes change, and a clock that stands still until it is set. */
function stage(has: string[]) {
  const namespace = { has, asked: 0, answers: true };
  const time = { now: 0 };
  const clock = { now: () => time.now, sleep: () => Promise.resolve() };
  const known = rememberingAttributes(clock, async () => {
    namespace.asked += 1;
    if (!namespace.answers) throw new Error('Nobody there.');
    return namespace.has;
  });
  return { namespace, time, read: () => known({} as Context) };
}

describe('The search attributes of a namespace', () => {
  it('are asked for once by a thousand leases that look in the same ten minutes.', async () => {
    const { namespace, time, read } = stage([...ALL, 'Foreign']);
    const answers = await Promise.all(Array.from({ length: 1_000 }, read));
    assert.deepEqual(answers[999], ALL);
    time.now = 10 * MINUTE - 1;
    await read();
    assert.equal(namespace.asked, 1);
    time.now = 10 * MINUTE;
    await read();
    assert.equal(namespace.asked, 2);
  });

  it('are asked for again after a minute while some are missing.', async () => {
    const { namespace, time, read } = stage(ALL.slice(1));
    assert.deepEqual(await read(), ALL.slice(1));
    namespace.has = ALL;
    time.now = MINUTE;
    assert.deepEqual(await read(), ALL);
    assert.equal(namespace.asked, 2);
  });

  it('are asked for again at once where there was no answer.', async () => {
    const { namespace, read } = stage(ALL);
    namespace.answers = false;
    await assert.rejects(read, /Nobody there/);
    namespace.answers = true;
    assert.deepEqual(await read(), ALL);
  });
});
