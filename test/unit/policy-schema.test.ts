import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { checkPolicy, POLICY_KEYS } from '../../contract/index.js';

interface Schema {
  properties?: Record<string, Schema>;
  description: string;
  examples?: unknown[];
}
const schema = JSON.parse(
  readFileSync(new URL('../../contract/policy.schema.json', import.meta.url), 'utf8'),
) as Schema;
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

const MD5 = '0123456789abcdef0123456789ABCDEF';
const JUNK = [null, '', ' ', 0, -1, 1.5, true, {}, [], [null], [''], [7], 'x', '4h', 25, 'unlimited'];
const VALUES: Record<string, unknown[]> = {
  names: [
    ['dc*', '*.corp.example', 'sql-??'],
    ['*'],
    ['*?'],
    ['a b'],
    ['[dc]*'],
    ['x'.repeat(254)],
    [' dc1 '],
  ],
  groupIds: [[1, 2], [0], ['1'], [1.5], [9007199254740991]],
  sensorIds: [[1, 2], [-1], [9007199254740992]],
  osTypes: [['windows', 'linux'], ['Windows'], ['unknown']],
  servers: [false, 'yes'],
  protectedProcesses: [
    ['erp.exe', 'c:\\app\\erp.exe', '/opt/erp'],
    ['*.exe'],
    ['erp?'],
    ['c:\\app\\'],
    ['\\\\?\\c:\\app\\erp.exe'],
    ['\\\\?x'],
    ['a\u0007b'],
  ],
  protectedHashes: [[MD5], [MD5.slice(1)], [12345678]],
  mostHosts: [100, 10_000_001, 'none'],
  mostPercent: [12.5, 101],
  trustedPublishers: [['RealVNC Ltd'], ['x'.repeat(201)], ['x'.repeat(200)]],
  enableDisabled: [false],
  always: ['none', 'before-kill', 'before-all', 'always'],
  serverOs: [false],
  protectedName: [false],
  signed: [false],
  unsigned: [false],
  seenOnMoreThan: [5],
  timeout: ['90d', '91d', '-4h', '1h30m'],
  respawn: ['kill', 'report', 'ask'],
  rounds: [1, 20, 21],
  onFailure: ['auto', 'release', 'keep', 'ask', 'hope'],
  lease: ['366d', '367d', '0h'],
  offline: ['wait', 'fail', 'isolate-only'],
  offlineFor: ['72h', '100d'],
  offlineWish: ['now', 'withhold'],
  offlineExpire: ['keep', 'withdraw'],
  onDrift: ['tell', 'reassert'],
  containmentsPerHour: [10, 1_000_001],
  isolatedAtOnce: [10, 0],
};

/** A long duration is counted, which no schema can. */
function onlyForTheCheck(policy: unknown): boolean {
  const checked = checkPolicy(policy);
  return (
    !checked.ok &&
    checked.mistakes.every(
      (m) => /timeout|lease|offlineFor/.test(m.field) && /"\d{2,}d" is no such duration/.test(m.problem),
    )
  );
}

const seen = { accepted: 0, refused: 0 };

function assertAgree(policy: unknown): void {
  const byCheck = checkPolicy(policy);
  const bySchema = validate(policy);
  if (bySchema && onlyForTheCheck(policy)) return;
  seen[byCheck.ok ? 'accepted' : 'refused'] += 1;
  const why = byCheck.ok ? JSON.stringify(validate.errors) : JSON.stringify(byCheck.mistakes);
  assert.equal(bySchema, byCheck.ok, `${JSON.stringify(policy)}: ${why}`);
}

/** Every key, nested as in the file: its section, then itself. */
const KEYS: [section: string, key: string][] = Object.entries(POLICY_KEYS).flatMap(([section, keys]) =>
  keys.filter((key) => key in VALUES).map((key): [string, string] => [section, key]),
);

function nested(section: string, key: string, value: unknown): Record<string, unknown> {
  return section === ''
    ? { [key]: value }
    : section.split('.').reduceRight<Record<string, unknown>>((inner, name) => ({ [name]: inner }), {
        [key]: value,
      });
}

describe('the JSON Schema of a policy', () => {
  it('describes exactly the keys that a policy may have', () => {
    const at = (section: string): Schema | undefined =>
      section === ''
        ? schema
        : section.split('.').reduce<Schema | undefined>((of, name) => of?.properties?.[name], schema);
    for (const [section, keys] of Object.entries(POLICY_KEYS)) {
      const { properties = {} } = at(section) ?? { description: '' };
      assert.deepEqual(Object.keys(properties).sort(), [...keys].sort(), section);
      for (const [key, of] of Object.entries(properties)) assert.ok(of.description.length > 3, key);
    }
  });

  it('has examples that are policies', () => {
    for (const example of schema.examples ?? []) {
      assert.equal(validate(example), true, JSON.stringify(validate.errors));
      assert.equal(checkPolicy(example).ok, true);
    }
    assert.ok((schema.examples ?? []).length > 0);
  });

  it('agrees with the check on every value of every key', () => {
    for (const input of [undefined, null, 'x', 7, true, [], {}, { bogus: 1 }, { ban: { bogus: 1 } }]) {
      assert.equal(validate(input ?? null), checkPolicy(input).ok);
      assert.equal(checkPolicy(input).ok, false);
    }
    for (const section of Object.keys(POLICY_KEYS).filter((s) => s !== '')) {
      const [first, second] = section.split('.') as [string, string | undefined];
      for (const value of JUNK)
        assertAgree(second === undefined ? { [first]: value } : { [first]: { [second]: value } });
    }
    for (const [section, key] of KEYS) {
      for (const value of [...JUNK, ...(VALUES[key] ?? [])]) assertAgree(nested(section, key, value));
    }
    assert.ok(seen.accepted > 70 && seen.refused > 300, JSON.stringify(seen));
  });

  it('agrees with the check where several keys stand side by side', () => {
    const rows = fc.array(
      fc
        .constantFrom(...KEYS)
        .chain(([section, key]) =>
          fc.constantFrom(...(VALUES[key] ?? [])).map((value) => ({ section, key, value })),
        ),
      { minLength: 1, maxLength: 6 },
    );
    const policies = rows.map((all) => {
      const policy: Record<string, Record<string, unknown>> = {};
      for (const { section, key, value } of all) {
        if (section === '') policy[key] = value as Record<string, unknown>;
        else if (section === 'approval.when')
          policy['approval'] = {
            ...policy['approval'],
            when: { ...(policy['approval']?.['when'] ?? {}), [key]: value },
          };
        else policy[section] = { ...policy[section], [key]: value };
      }
      return policy;
    });
    fc.assert(fc.property(policies, assertAgree), { numRuns: 500, seed: 6 });
  });
});
