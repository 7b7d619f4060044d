import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CASES } from '../../proof/open-questions/cases.js';
import { tryAll as tryAnswers } from '../../proof/open-questions/try-all.js';
import { matchOf, nameOf, parseName, spotsOf } from '../../proof/one-fault/spots.js';
import { tryAll as tryFaults } from '../../proof/one-fault/try-all.js';
import { testsIn } from '../../proof/parts/crashes.js';

it('A containment by a server that refuses bans in one way or another is told as what it is.', async () => {
  const cases = CASES.filter(({ title }) => /missingRight/.test(title)).slice(0, 3);
  const answered = await tryAnswers(cases);
  assert.ok(answered.length >= 2);
  assert.deepEqual(
    answered.flatMap(({ wrong }) => wrong),
    [],
  );
});

it('The answer to the close of a session is lost: it is contained all the same. What no run comes by has not held.', async () => {
  const tried = await tryFaults('act-then-cut', [
    { route: 'PUT /api/v1/cblr/session/:id', nth: 1 },
    { route: 'PUT /api/v1/sensor/:id', nth: 9 },
  ]);
  assert.deepEqual(
    tried.map(({ name, struck, wrong }) => [name, struck, wrong]),
    [
      ['act-then-cut at PUT /api/v1/cblr/session/:id 1', true, null],
      ['act-then-cut at PUT /api/v1/sensor/:id 9', false, null],
    ],
  );
});

it('A request of a run is known by its route, its place among those, and the host; its name leads back to it.', () => {
  const route = 'GET /api/v1/sensor/:id';
  const spots = spotsOf([{ route }, { route: 'GET /api/info' }, { route }]);
  assert.deepEqual(
    spots.map((spot) => nameOf('cut', spot)),
    ['cut at GET /api/v1/sensor/:id 1', 'cut at GET /api/info 1', 'cut at GET /api/v1/sensor/:id 2'],
  );
  for (const spot of spots) assert.deepEqual(parseName(nameOf('cut', spot)), { kind: 'cut', spot });
  for (const name of ['cut at 7', 'cut at GET /api/info 0', 'bite at GET /api/info 1', ''])
    assert.equal(parseName(name), null, name);
  assert.deepEqual(matchOf({ route, nth: 2 }, { sensorId: 104 }), {
    route: /^GET \/api\/v1\/sensor\/104$/,
    nth: 2,
  });
});

it('A test under proof/crashes counts as it went the last time; the list of failures at the end counts nothing.', () => {
  const said = [
    '▶ proof/crashes/a.test.ts',
    '  ✔ quick (1.5ms)',
    '  ▶ suite',
    '    ✖ stands (600.1ms)',
    "      'test did not finish before its parent and was cancelled'",
    '  ✖ suite (600.2ms)',
    '  ﹣ left out (0.1ms) # SKIP',
    '✖ proof/crashes/a.test.ts (600.7ms)',
    'ℹ tests 2',
    '✖ failing tests:',
    'test at proof/crashes/a.test.ts:3:76',
    '✖ stands (600.1ms)',
  ];
  const again = ['▶ proof/crashes/a.test.ts', '  ▶ suite', '    ✔ stands (8ms)', '  ✔ suite (8ms)'];
  const counted = (lines: string[]): unknown[] => {
    const { tests, files } = testsIn(lines.join('\n'));
    return [Object.fromEntries(tests), Object.fromEntries(files)];
  };
  const [quick, stands] = ['› quick', '› suite › stands'].map((rest) => `proof/crashes/a.test.ts ${rest}`);
  const file = 'proof/crashes/a.test.ts';
  assert.ok(quick !== undefined && stands !== undefined);
  assert.deepEqual(counted(said), [{ [quick]: true, [stands]: false }, { [file]: false }]);
  const bothRuns = [...said, ...again];
  assert.deepEqual(counted(bothRuns), [{ [quick]: true, [stands]: true }, { [file]: false }]);
  assert.deepEqual(counted([...bothRuns, `✔ ${file} (9ms)`])[1], { [file]: true });
});
