import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Draw } from '../../proof/bad-input/draw.js';
import { objectionsTo, objectionsToError } from '../../proof/bad-input/judge.js';
import { badRequest } from '../../proof/bad-input/requests.js';
import { InvalidRequestError } from '../../client/index.js';
import { checkRequest } from '../../contract/index.js';

const SECRET = 'canary-4711-canary';
const how = { json: false, doctor: false, secret: SECRET };
const GOOD = {
  code: 2,
  stdout: '',
  stderr: 'cb-playbook: --port is "x".\n  expected: A port.\n  next:     Give a port.\n',
};

it('the judge of bad input lets a clear error pass, and objects to each thing that may be wrong with one', () => {
  assert.deepEqual(objectionsTo(GOOD, how), []);
  const bad: [string, object][] = [
    ['exit code', { code: 1 }],
    ['did not end', { code: null }],
    ['stdout', { stdout: 'ready' }],
    ['stack', { stderr: `${GOOD.stderr}    at run (file:///x/main.js:3:5)\n` }],
    ['secret', { stderr: `${GOOD.stderr}${SECRET}\n` }],
    ['control', { stderr: `${GOOD.stderr}\u001b[2J\n` }],
    ['lines', { stderr: GOOD.stderr + 'x\n'.repeat(20) }],
    ['what was wrong', { stderr: 'Error\n  expected: x\n  next: y\n' }],
    ['expected', { stderr: 'cb-playbook: no.\n  next: y\n' }],
    ['next', { stderr: 'cb-playbook: no.\n  expected: y\n' }],
    ['without words', { stderr: GOOD.stderr.replace('"x"', '[object Object]') }],
  ];
  for (const [word, changed] of bad)
    assert.match(objectionsTo({ ...GOOD, ...changed }, how).join('; '), new RegExp(word), word);
  const document = {
    code: 2,
    stderr: '',
    stdout: '{"error":{"code":"x","message":"y","expected":null,"next":"z"}}',
  };
  assert.match(objectionsTo(document, { ...how, json: true }).join(), /expected/);
});

it('the judge of errors objects to one that is none of ours, and to one that was not thrown', () => {
  const ours = new InvalidRequestError([{ field: 'a', problem: 'It is wrong.', expected: 'Another.' }]);
  assert.deepEqual(objectionsToError(ours, SECRET), []);
  assert.match(objectionsToError(new TypeError('x is no function'), SECRET).join(), /it is a TypeError/);
  assert.deepEqual(objectionsToError(undefined, SECRET), ['it was accepted']);
  const hangs = Object.assign(new InvalidRequestError([]), { request: { headers: [SECRET] } });
  assert.match(objectionsToError(hangs, SECRET).join(), /the secret hangs on it/);
});

it('every bad request that is drawn is refused by the check, and says what was wrong', () => {
  for (let n = 0; n < 400; n += 1) {
    const { what, request } = badRequest(n, new Draw(n, 'any'));
    const checked = checkRequest(request);
    assert.ok(!checked.ok, `${what}: ${JSON.stringify(request)?.slice(0, 200)}`);
    for (const { problem, expected } of checked.mistakes) assert.ok(problem !== '' && expected !== '', what);
  }
});
