import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPolicy, DEFAULT_POLICY, NOTHING_STRICTER, type Policy } from '../../contract/index.js';

const MD5 = '0123456789abcdef0123456789abcdef';

function policyOf(raw: unknown, base?: Policy): Policy {
  const checked = checkPolicy(raw, base);
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.policy;
}

function mistakeOf(raw: unknown): [field: string, problem: string] {
  const checked = checkPolicy(raw);
  assert.ok(!checked.ok, `${JSON.stringify(raw)} is refused`);
  assert.equal(checked.mistakes.length, 1, JSON.stringify(checked.mistakes));
  const [mistake] = checked.mistakes;
  assert.ok(mistake && mistake.expected.length > 0);
  return [mistake.field, mistake.problem];
}

const MISTAKES: [title: string, raw: unknown, field: string, problem: RegExp][] = [
  ['nothing', undefined, '', /is empty/],
  ['an empty file', null, '', /is empty/],
  ['a text', 'x', '', /is "x"/],
  ['a list', [1], '', /is \[1\]/],
  ['an empty object', {}, '', /says nothing/],
  ['an unknown section', { protectedHost: {} }, 'protectedHost', /no such key/],
  ['an unknown key', { ban: { mostHost: 3 } }, 'ban.mostHost', /no such key/],
  ['an unknown condition', { approval: { when: { server: true } } }, 'approval.when.server', /no such key/],
  ['a section that is a list', { ban: [] }, 'ban', /is \[\]/],
  ['a section without a value', { ban: null }, 'ban', /no value/],
  ['a key without a value', { ban: { mostHosts: null } }, 'ban.mostHosts', /no value/],
  ['names that are one text', { protectedHosts: { names: 'dc*' } }, 'protectedHosts.names', /is "dc\*"/],
  ['a name that is a number', { protectedHosts: { names: [7] } }, 'protectedHosts.names[0]', /no text/],
  ['an empty glob', { protectedHosts: { names: ['dc1', ' '] } }, 'protectedHosts.names[1]', /is empty/],
  ['a glob for every host', { protectedHosts: { names: ['*'] } }, 'protectedHosts.names[0]', /every host/],
  ['the same in disguise', { protectedHosts: { names: ['?*.*'] } }, 'protectedHosts.names[0]', /every host/],
  [
    'a glob with brackets',
    { protectedHosts: { names: ['dc[12]'] } },
    'protectedHosts.names[0]',
    /other characters/,
  ],
  [
    'a group that is a name',
    { protectedHosts: { groupIds: ['VIP'] } },
    'protectedHosts.groupIds[0]',
    /is "VIP"/,
  ],
  ['a sensor id of nought', { protectedHosts: { sensorIds: [0] } }, 'protectedHosts.sensorIds[0]', /is 0/],
  ['an unknown system', { protectedHosts: { osTypes: ['beos'] } }, 'protectedHosts.osTypes[0]', /is "beos"/],
  ['servers that are "yes"', { protectedHosts: { servers: 'yes' } }, 'protectedHosts.servers', /is "yes"/],
  ['a process with a wildcard', { protectedProcesses: ['erp*'] }, 'protectedProcesses[0]', /wildcard/],
  ['a folder', { protectedProcesses: ['c:\\app\\'] }, 'protectedProcesses[0]', /ends in a slash/],
  ['an MD5 too short', { protectedHashes: [MD5.slice(1)] }, 'protectedHashes[0]', /no MD5/],
  ['an MD5 that YAML takes for a number', { protectedHashes: [1.2e31] }, 'protectedHashes[0]', /no text/],
  ['a list that is too long', { protectedHashes: Array(1_001).fill(MD5) }, 'protectedHashes', /1001 entries/],
  ['a negative number', { ban: { mostHosts: -1 } }, 'ban.mostHosts', /is -1/],
  ['a number in quotes', { ban: { mostHosts: '25' } }, 'ban.mostHosts', /is "25"/],
  ['hosts in halves', { ban: { mostHosts: 1.5 } }, 'ban.mostHosts', /is 1.5/],
  ['more than the whole fleet', { ban: { mostPercent: 101 } }, 'ban.mostPercent', /is 101/],
  [
    'a publisher without a name',
    { ban: { trustedPublishers: [''] } },
    'ban.trustedPublishers[0]',
    /is empty/,
  ],
  ['a word for a truth', { ban: { enableDisabled: 'never' } }, 'ban.enableDisabled', /is "never"/],
  ['an unknown approval', { approval: { always: 'yes' } }, 'approval.always', /is "yes"/],
  ['a wait that is a number', { approval: { timeout: 4 } }, 'approval.timeout', /is 4/],
  ['a wait of no time', { approval: { timeout: '0h' } }, 'approval.timeout', /no such duration/],
  ['a wait of half a year', { approval: { timeout: '180d' } }, 'approval.timeout', /no such duration/],
  [
    'hosts for a condition',
    { approval: { when: { seenOnMoreThan: 'unlimited' } } },
    'approval.when.seenOnMoreThan',
    /unlimited/,
  ],
  ['an unknown answer to respawns', { kill: { respawn: 'ask' } }, 'kill.respawn', /is "ask"/],
  ['rounds without end', { kill: { rounds: 100 } }, 'kill.rounds', /is 100/],
  ['an unknown failure policy', { defaults: { onFailure: 'hope' } }, 'defaults.onFailure', /is "hope"/],
  ['a lease in words', { defaults: { lease: 'soon' } }, 'defaults.lease', /no such duration/],
  ['an unknown offline policy', { defaults: { offline: 'go' } }, 'defaults.offline', /is "go"/],
  [
    'an offline wait below nought',
    { defaults: { offlineFor: '-1h' } },
    'defaults.offlineFor',
    /no such duration/,
  ],
  ['an unknown wish', { defaults: { offlineWish: 'later' } }, 'defaults.offlineWish', /is "later"/],
  ['an unknown expiry', { defaults: { offlineExpire: 'x' } }, 'defaults.offlineExpire', /is "x"/],
  ['an unknown drift', { defaults: { onDrift: 'fight' } }, 'defaults.onDrift', /is "fight"/],
  ['no containment an hour', { limits: { containmentsPerHour: 0 } }, 'limits.containmentsPerHour', /is 0/],
  ['a limit in words', { limits: { isolatedAtOnce: 'few' } }, 'limits.isolatedAtOnce', /is "few"/],
];

describe('the check of a policy', () => {
  for (const [title, raw, field, problem] of MISTAKES) {
    it(`refuses ${title}, and says where and why`, () => {
      const [at, why] = mistakeOf(raw);
      assert.equal(at, field);
      assert.match(why, problem);
    });
  }

  it('lists every mistake at once', () => {
    const checked = checkPolicy({ ban: { mostHosts: 'x', bogus: 1 }, kill: { rounds: 0 }, bogus: {} });
    assert.ok(!checked.ok);
    assert.deepEqual(
      checked.mistakes.map((m) => m.field),
      ['bogus', 'ban.bogus', 'ban.mostHosts', 'kill.rounds'],
    );
  });

  it('takes what is not said from the built-in policy', () => {
    const policy = policyOf({ protectedHosts: { names: [' DC* '] }, approval: { when: { signed: true } } });
    assert.deepEqual(policy, {
      ...DEFAULT_POLICY,
      protectedHosts: { ...DEFAULT_POLICY.protectedHosts, names: ['dc*'] },
      approval: { ...DEFAULT_POLICY.approval, when: { ...DEFAULT_POLICY.approval.when, signed: true } },
    });
  });

  it('reads every key', () => {
    const policy = policyOf({
      protectedHosts: {
        names: ['dc*', 'dc*'],
        groupIds: [2],
        sensorIds: [7],
        osTypes: ['linux'],
        servers: true,
      },
      protectedProcesses: ['erp.exe', ' c:\\app\\erp.exe '],
      protectedHashes: [MD5, MD5.toUpperCase()],
      ban: { mostHosts: 'unlimited', mostPercent: 2.5, trustedPublishers: ['A B'], enableDisabled: false },
      approval: {
        always: 'before-all',
        when: { serverOs: true, protectedName: true, signed: true, unsigned: true, seenOnMoreThan: 3 },
        timeout: '1h30m',
      },
      kill: { respawn: 'report', rounds: 2 },
      defaults: {
        onFailure: 'keep',
        lease: '4h',
        offline: 'fail',
        offlineFor: '2d',
        offlineWish: 'withhold',
        offlineExpire: 'withdraw',
        onDrift: 'reassert',
      },
      limits: { containmentsPerHour: 10, isolatedAtOnce: 'unlimited' },
    });
    assert.deepEqual(policy, {
      protectedHosts: { names: ['dc*'], groupIds: [2], sensorIds: [7], osTypes: ['linux'], servers: true },
      protectedProcesses: ['erp.exe', 'c:\\app\\erp.exe'],
      protectedHashes: [MD5.toUpperCase()],
      ban: { mostHosts: null, mostPercent: 2.5, trustedPublishers: ['A B'], enableDisabled: false },
      approval: {
        always: 'before-all',
        when: { serverOs: true, protectedName: true, signed: true, unsigned: true, seenOnMoreThan: 3 },
        timeoutMs: 5_400_000,
      },
      kill: { respawn: 'report', rounds: 2 },
      defaults: {
        onFailure: 'keep',
        leaseMs: 14_400_000,
        offline: 'fail',
        offlineForMs: 172_800_000,
        offlineWish: 'withhold',
        offlineExpire: 'withdraw',
        onDrift: 'reassert',
      },
      limits: { containmentsPerHour: 10, isolatedAtOnce: null },
    });
  });

  it('leaves the worker its own word on what a request does not say', () => {
    assert.equal(policyOf({ kill: { rounds: 3 } }, NOTHING_STRICTER).ban.mostHosts, null);
    assert.equal(policyOf({ kill: { rounds: 3 } }).ban.mostHosts, 25);
  });

  it('never throws, and quotes no more than 60 characters of a value', () => {
    const checked = checkPolicy({
      protectedHosts: { names: ['x'.repeat(5_000), 'a b'.repeat(50)] },
      kill: { respawn: 'y'.repeat(5_000) },
      ['z'.repeat(500)]: 1,
    });
    assert.ok(!checked.ok);
    for (const { field, problem } of checked.mistakes)
      assert.ok(field.length + problem.length < 200, problem);
  });
});
