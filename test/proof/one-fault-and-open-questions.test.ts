import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CASES } from '../../proof/open-questions/cases.js';
import { tryAll as tryAnswers } from '../../proof/open-questions/try-all.js';
import { tryAll as tryFaults } from '../../proof/one-fault/try-all.js';

it('A containment by a server that refuses bans in one way or another is told as what it is.', async () => {
  const cases = CASES.filter(({ title }) => /missingRight/.test(title)).slice(0, 3);
  const answered = await tryAnswers(cases);
  assert.ok(answered.length >= 2);
  assert.deepEqual(
    answered.flatMap(({ wrong }) => wrong),
    [],
  );
});

it('The answer to one request in the midst of a containment is lost: it is contained all the same.', async () => {
  const tried = await tryFaults('act-then-cut', 12);
  assert.deepEqual(
    tried.map(({ name, wrong }) => [name, wrong]),
    [['act-then-cut at 12', null]],
  );
});
