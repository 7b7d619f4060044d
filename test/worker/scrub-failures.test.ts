import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { CompleteAsyncError } from '@temporalio/activity';
import { createScrub, scrubFailure } from '../../worker/index.js';

const CANARY = 'canary0canary1canary2canary3canary4canary';
const scrub = createScrub([CANARY]);

function clean(error: unknown): ApplicationFailure {
  const result = scrubFailure(error, scrub);
  assert.ok(result instanceof ApplicationFailure);
  const seen = `${inspect(result, { depth: 20, showHidden: true })} ${JSON.stringify(result)}`;
  assert.doesNotMatch(seen, new RegExp(CANARY));
  assert.doesNotMatch(seen, /node_modules|\n\s+at /);
  return result;
}

describe('At the activity border', () => {
  it('an error that carries its request becomes a typed failure without it', () => {
    // What an AxiosError has on it, token and all.
    const config = { headers: { 'X-Auth-Token': CANARY } };
    const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:443'), {
      name: 'AxiosError',
      config,
      request: { _header: `GET /api/info HTTP/1.1\r\nX-Auth-Token: ${CANARY}\r\n` },
      toJSON: () => ({ config }),
    });
    assert.match(inspect(error, { depth: 5 }), new RegExp(CANARY), 'the error as such does leak');
    const failure = clean(error);
    assert.equal(failure.type, 'Unexpected');
    assert.equal(failure.nonRetryable, false);
    assert.match(failure.message, /ECONNREFUSED/);
    assert.equal(failure.cause, undefined);
  });

  it('a secret in a message gives way to a marker, and long messages are cut', () => {
    assert.match(clean(new Error(`token=${CANARY}!`)).message, /^Error: token=\[secret\]!/);
    assert.equal(clean(new Error('x'.repeat(10_000))).message.length, 500);
  });

  it('a fault of ours says in which room and line it is, not where the project lies', () => {
    const error = new TypeError('x is not a function');
    error.stack = `TypeError: x is not a function\n    at ban (file:///srv/secret/activities/ban.ts:41:7)`;
    assert.equal(clean(error).message, 'TypeError: x is not a function (activities/ban.ts:41)');
  });

  it('a typed failure keeps its type, details, delay and category, and loses secrets, cause and stack', () => {
    const failure = clean(
      ApplicationFailure.create({
        message: `bad ${CANARY}`,
        type: 'RateLimited',
        nonRetryable: true,
        nextRetryDelay: '7s',
        category: ApplicationFailureCategory.BENIGN,
        details: [{ headers: { 'X-Auth-Token': CANARY }, at: 5, list: [null, true] }],
        cause: new Error(CANARY),
      }),
    );
    assert.equal(failure.type, 'RateLimited');
    assert.equal(failure.nonRetryable, true);
    assert.equal(failure.nextRetryDelay, '7s');
    assert.equal(failure.category, ApplicationFailureCategory.BENIGN);
    assert.equal(failure.message, 'bad [secret]');
    assert.deepEqual(failure.details, [
      { headers: { 'X-Auth-Token': '[secret]' }, at: 5, list: [null, true] },
    ]);
  });

  it('what is thrown and is no error still becomes one', () => {
    assert.equal(clean(CANARY).message, 'string: [secret]');
    assert.equal(clean(undefined).message, 'undefined: undefined');
  });

  it('cancellation and completion elsewhere pass as they are', () => {
    for (const signal of [new CancelledFailure('CANCELLED'), new CompleteAsyncError()]) {
      assert.equal(scrubFailure(signal, scrub), signal);
    }
  });
});

describe('The scrub', () => {
  it('finds a secret also where it was escaped, and the value of any authentication header', () => {
    const odd = createScrub(['pa"ss/wo rd']);
    assert.equal(odd('u=pa%22ss%2Fwo%20rd'), 'u=[secret]');
    assert.equal(odd(JSON.stringify({ p: 'pa"ss/wo rd' })), '{"p":"[secret]"}');
    assert.equal(createScrub()('X-Auth-Token: abcdef, Accept: */*'), 'X-Auth-Token: [secret], Accept: */*');
    assert.equal(createScrub()('{"authorization":"Bearer abc"}'), '{"authorization":"[secret]"}');
  });
});
