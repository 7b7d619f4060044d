import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { freezePolicy, policyDigest } from '../../activities/freeze-policy.js';
import {
  APPROVALS,
  canonicalJson,
  checkRequest,
  DEFAULT_POLICY,
  mergePolicy,
  NOTHING_STRICTER,
  type Policy,
  withDefaults,
} from '../../contract/index.js';

const few = <T>(...values: T[]) => fc.uniqueArray(fc.constantFrom(...values));
const limit = fc.option(fc.integer({ min: 1, max: 50 }), { nil: null });
const policies: fc.Arbitrary<Policy> = fc.record({
  protectedHosts: fc.record({
    names: few('dc*', 'sql*'),
    groupIds: few(1, 2),
    sensorIds: few(1, 2),
    osTypes: few<'linux' | 'macos'>('linux', 'macos'),
    servers: fc.boolean(),
  }),
  protectedProcesses: few('a.exe', 'b.exe'),
  protectedHashes: few('A', 'B'),
  ban: fc.record({
    mostHosts: limit,
    mostPercent: limit,
    trustedPublishers: few('A', 'B'),
    enableDisabled: fc.boolean(),
  }),
  approval: fc.record({
    always: fc.constantFrom(...APPROVALS),
    when: fc.record({
      serverOs: fc.boolean(),
      protectedName: fc.boolean(),
      signed: fc.boolean(),
      unsigned: fc.boolean(),
      seenOnMoreThan: limit,
    }),
    timeoutMs: fc.integer({ min: 1, max: 90 * 86_400_000 }),
  }),
  kill: fc.record({
    respawn: fc.constantFrom<'kill' | 'report'>('kill', 'report'),
    rounds: fc.integer({ min: 1, max: 20 }),
  }),
  defaults: fc.record({
    onFailure: fc.constantFrom(null, 'keep' as const, 'release' as const),
    leaseMs: limit,
    offline: fc.constantFrom(null, 'fail' as const),
    offlineForMs: limit,
    offlineWish: fc.constantFrom(null, 'withhold' as const),
    offlineExpire: fc.constantFrom(null, 'withdraw' as const),
    onDrift: fc.constantFrom(null, 'reassert' as const),
  }),
  limits: fc.record({ containmentsPerHour: limit, isolatedAtOnce: limit }),
});

/** Whether every rule of `a` is at least as strict as that of `b`. */
function atLeastAsStrict(a: Policy, b: Policy): boolean {
  const holds = <T>(some: readonly T[], all: readonly T[]): boolean => all.every((one) => some.includes(one));
  const below = (x: number | null, y: number | null): boolean => y === null || (x !== null && x <= y);
  const hosts = a.protectedHosts;
  const when = a.approval.when;
  return (
    holds(hosts.names, b.protectedHosts.names) &&
    holds(hosts.groupIds, b.protectedHosts.groupIds) &&
    holds(hosts.sensorIds, b.protectedHosts.sensorIds) &&
    holds(hosts.osTypes, b.protectedHosts.osTypes) &&
    (hosts.servers || !b.protectedHosts.servers) &&
    holds(a.protectedProcesses, b.protectedProcesses) &&
    holds(a.protectedHashes, b.protectedHashes) &&
    below(a.ban.mostHosts, b.ban.mostHosts) &&
    below(a.ban.mostPercent, b.ban.mostPercent) &&
    holds(a.ban.trustedPublishers, b.ban.trustedPublishers) &&
    (b.ban.enableDisabled || !a.ban.enableDisabled) &&
    APPROVALS.indexOf(a.approval.always) >= APPROVALS.indexOf(b.approval.always) &&
    (['serverOs', 'protectedName', 'signed', 'unsigned'] as const).every(
      (k) => when[k] || !b.approval.when[k],
    ) &&
    below(when.seenOnMoreThan, b.approval.when.seenOnMoreThan) &&
    a.approval.timeoutMs <= b.approval.timeoutMs &&
    (a.kill.respawn === 'report' || b.kill.respawn === 'kill') &&
    a.kill.rounds <= b.kill.rounds &&
    below(a.limits.containmentsPerHour, b.limits.containmentsPerHour) &&
    below(a.limits.isolatedAtOnce, b.limits.isolatedAtOnce)
  );
}

describe('a policy of the worker and one of a request', () => {
  it('are never weaker together than either of them', () => {
    fc.assert(
      fc.property(policies, policies, (worker, request) => {
        const merged = mergePolicy(worker, request);
        assert.ok(atLeastAsStrict(merged, worker), JSON.stringify(merged));
        assert.ok(atLeastAsStrict(merged, request), JSON.stringify(merged));
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  it('are the worker’s alone where the request says nothing', () => {
    fc.assert(
      fc.property(policies, (worker) => {
        for (const request of [NOTHING_STRICTER, null])
          assert.equal(canonicalJson(mergePolicy(worker, request)), canonicalJson(worker));
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('have the worker’s defaults, and the request’s for what the worker leaves open', () => {
    const worker: Policy = { ...DEFAULT_POLICY, defaults: { ...DEFAULT_POLICY.defaults, leaseMs: 1 } };
    const request: Policy = {
      ...NOTHING_STRICTER,
      defaults: { ...NOTHING_STRICTER.defaults, leaseMs: 2, onFailure: 'keep' },
    };
    const { defaults } = mergePolicy(worker, request);
    assert.deepEqual([defaults.leaseMs, defaults.onFailure], [1, 'keep']);
  });
});

describe('the digest of a policy', () => {
  it('depends on what it says alone, not on the order of its keys', () => {
    const turned = Object.fromEntries(Object.entries(DEFAULT_POLICY).reverse()) as unknown as Policy;
    assert.equal(policyDigest(turned), policyDigest(DEFAULT_POLICY));
    assert.match(policyDigest(turned), /^[0-9a-f]{64}$/);
    const other: Policy = { ...DEFAULT_POLICY, protectedHashes: ['A'] };
    assert.notEqual(policyDigest(other), policyDigest(DEFAULT_POLICY));
  });

  it('is of both policies together, and the name says so', () => {
    const worker = { policy: DEFAULT_POLICY, name: 'company.yaml' };
    const alone = freezePolicy(worker, null);
    assert.deepEqual([alone.name, alone.digest], ['company.yaml', policyDigest(DEFAULT_POLICY)]);
    const both = freezePolicy(worker, { ...NOTHING_STRICTER, protectedHashes: ['A'] });
    assert.equal(both.name, "company.yaml + the request's");
    assert.notEqual(both.digest, alone.digest);
  });

  it('is taken of JSON with sorted keys', () => {
    assert.equal(
      canonicalJson({ b: [1, null], a: { d: 'x', c: undefined } }),
      '{"a":{"d":"x"},"b":[1,null]}',
    );
  });
});

describe('the defaults of a policy', () => {
  const request = (more: object) => {
    const checked = checkRequest({ hostname: 'a', processName: 'b', ...more });
    assert.ok(checked.ok);
    return checked.request;
  };
  const defaults: Policy['defaults'] = {
    onFailure: 'keep',
    leaseMs: 4,
    offline: 'isolate-only',
    offlineForMs: 5,
    offlineWish: 'withhold',
    offlineExpire: 'withdraw',
    onDrift: 'reassert',
  };

  it('stand for every key that the request does not say', () => {
    const { onFailure, leaseMs, offline, offlineForMs, offlineWish, offlineExpire, onDrift } = withDefaults(
      request({}),
      defaults,
    );
    const all = { onFailure, leaseMs, offline, offlineForMs, offlineWish, offlineExpire, onDrift };
    assert.deepEqual(all, defaults);
    assert.deepEqual(withDefaults(request({}), DEFAULT_POLICY.defaults), request({}));
  });

  it('give way to what it does say, be it the playbook’s own default', () => {
    const said = request({
      onFailure: 'auto',
      lease: '1h',
      offline: 'wait',
      offlineFor: '72h',
      offlineWish: 'now',
      offlineExpire: 'keep',
      onDrift: 'tell',
    });
    assert.deepEqual(withDefaults(said, defaults), said);
  });
});
