import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { checkRequest, REQUEST_KEYS } from '../../contract/index.js';

const schema = JSON.parse(
  readFileSync(new URL('../../contract/request.schema.json', import.meta.url), 'utf8'),
) as { properties: Record<string, { description: string }>; examples: unknown[] };
const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
}).compile(schema);
const MD5 = '0123456789abcdef0123456789ABCDEF';
const GUID = '00000001-0000-0b1c-01d3-9e6a5d0f1a2b';

const DURATIONS = ['lease', 'askTimeout', 'offlineFor', 'approvalTimeout'];

/** What this schema cannot say: it compares two fields, counts a duration, or looks into a policy (which has its own). */
function onlyForTheCheck(request: Record<string, unknown>): boolean {
  const checked = checkRequest(request);
  return (
    !checked.ok &&
    checked.mistakes.every(
      (m) =>
        /^It belongs to sensor/.test(m.problem) ||
        /base name is not processName/.test(m.problem) ||
        /^policy\b/.test(m.field) ||
        (DURATIONS.includes(m.field) && /^\s*\d{3,}d/.test(String(request[m.field]))),
    )
  );
}

const seen = { accepted: 0, refused: 0 };

function assertAgree(request: unknown): void {
  const byCheck = checkRequest(request);
  const bySchema = validate(request);
  if (bySchema && onlyForTheCheck(request as Record<string, unknown>)) return;
  const why = byCheck.ok ? JSON.stringify(validate.errors) : JSON.stringify(byCheck.mistakes);
  seen[byCheck.ok ? 'accepted' : 'refused'] += 1;
  assert.equal(bySchema, byCheck.ok, `${JSON.stringify(request)}: ${why}`);
}

describe('the JSON Schema of a request', () => {
  it('describes exactly the keys that a request may have', () => {
    assert.deepEqual(Object.keys(schema.properties).sort(), [...REQUEST_KEYS].sort());
    for (const [key, of] of Object.entries(schema.properties)) assert.ok(of.description.length > 3, key);
  });

  it('has examples that are requests', () => {
    assert.ok(schema.examples.length > 0);
    for (const example of schema.examples) {
      assert.equal(validate(example), true, JSON.stringify(validate.errors));
      assert.equal(checkRequest(example).ok, true);
    }
  });

  it('agrees with the check on what is no request at all', () => {
    for (const input of [null, 'win7pro64', 7, true, [], [{ hostname: 'a', processName: 'b' }], {}]) {
      assert.equal(validate(input), false);
      assert.equal(checkRequest(input).ok, false);
    }
  });

  it('agrees with the check on 3000 requests made of good and bad values', () => {
    const junk = [undefined, null, '', ' ', 0, -1, 1.5, true, false, [], {}, 'x\u0007y', '*'];
    const of = (...values: unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...junk, ...values);
    const request = fc
      .record(
        {
          hostname: of(
            'win7pro64',
            'WIN7.corp.example.',
            'a b',
            '...',
            ' padded ',
            'a'.repeat(253),
            'a'.repeat(254),
          ),
          sensorId: of(1, 7, 9007199254740991, 9007199254740992, '7'),
          processName: of(
            'vnc.exe',
            'c:\\x\\vnc.exe',
            'v*.exe',
            'a/b',
            ' vnc.exe ',
            'x'.repeat(255),
            'x'.repeat(256),
          ),
          processPath: of(
            'c:\\x\\vnc.exe',
            '/usr/bin/vnc',
            'c:\\x\\',
            '/',
            'vnc.exe',
            '/a b/c d',
            '/x/ ',
            '/?',
            '\\\\?\\c:\\x\\vnc.exe',
            '\\\\?\\c:\\x\\v?c.exe',
          ),
          processMd5: of(MD5, MD5.slice(1), `${MD5}0`, ` ${MD5} `),
          processGuid: of(GUID, GUID.toUpperCase(), GUID.slice(1)),
          isolate: of('true'),
          kill: of('false'),
          banScope: of('instance', 'name', 'none', 'Name'),
          banMd5: of(
            [MD5],
            [MD5, 'x'],
            [7],
            ['0'.repeat(32)],
            ['d41d8cd98f00b204e9800998ecf8427E'],
            Array(101).fill(MD5),
          ),
          onFailure: of('auto', 'release', 'keep', 'ask'),
          lease: of('4h', '1h30m', '2D', '0h', '4', '-4h', '400d', '366d', ' 90s ', '4 h'),
          askTimeout: of('30m', '100d', '-1h', '90d'),
          askDefault: of('auto', 'release', 'keep', 'ask'),
          offline: of('wait', 'fail', 'isolate-only', 'isolate'),
          offlineFor: of('72h', '365d', '0s', 'soon'),
          offlineWish: of('now', 'withhold', 'later'),
          offlineExpire: of('keep', 'withdraw', 'release'),
          onDrift: of('tell', 'reassert', 'fight'),
          dryRun: of('false'),
          approval: of('none', 'before-kill', 'before-all', 'always'),
          approvalTimeout: of('4h', '100d', 'soon'),
          evidence: of('none', 'file', 'memory', 'disk'),
          policy: of({ kill: { rounds: 1 } }, { bogus: 1 }, 'policy.yaml'),
          overrides: of(['limits'], ['limits', 'prevalent-ban'], ['kill'], ['limits', null], 'limits'),
          reason: of('evil\nnotes', 'x'.repeat(1000), 'x'.repeat(1001)),
          case: of('INC-991'),
          requestedBy: of('ann', 'x'.repeat(201)),
          requestId: of('alert-1'),
          isolated: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, true, null),
        },
        { requiredKeys: [] },
      )
      .map((r) => JSON.parse(JSON.stringify(r)) as Record<string, unknown>);
    fc.assert(fc.property(request, assertAgree), { numRuns: 2_000, seed: 4 });
    // Mostly good ones, one key at a time spoiled: the random ones above are nearly all bad.
    const good = {
      hostname: 'win7pro64',
      processName: 'vnc.exe',
      processPath: 'c:\\x\\vnc.exe',
      banMd5: [MD5],
    };
    const spoiled = request.chain((bad) =>
      fc
        .constantFrom(...REQUEST_KEYS)
        .map((key) => ({ ...good, ...(key in bad ? { [key]: bad[key] } : {}) })),
    );
    fc.assert(fc.property(spoiled, assertAgree), { numRuns: 1_000, seed: 5 });
    assert.ok(seen.accepted > 100 && seen.refused > 100, JSON.stringify(seen));
  });
});
