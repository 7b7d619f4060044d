import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createActivities } from '../../activities/index.js';
import { DEFAULT_POLICY, type Policy, type ResolveResult } from '../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../testing/index.js';
import { effectsOn } from '../workflows/support/aftermath.js';
import { evil, EVIL_PATH, fleet, hostName } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { approve, deny, EVIL, statusOf, untilItAsks } from './support/approving.js';

const IMPOSTOR = 'c:\\programdata\\svchost.exe';
const when = (rules: Partial<Policy['approval']['when']>): Policy => ({
  ...DEFAULT_POLICY,
  approval: { ...DEFAULT_POLICY.approval, when: { ...DEFAULT_POLICY.approval.when, ...rules } },
});
const always = (mode: Policy['approval']['always']): Policy => ({
  ...DEFAULT_POLICY,
  approval: { ...DEFAULT_POLICY.approval, always: mode },
});

/** The policy of each host, by sensor id. */
const POLICIES: Record<number, Policy> = {
  1: when({ serverOs: true }),
  2: when({ protectedName: true }),
  3: when({ signed: true }),
  4: when({ unsigned: true }),
  5: when({ seenOnMoreThan: 10 }),
  6: when({ seenOnMoreThan: 10, signed: true, protectedName: true, serverOs: true }),
  7: always('before-kill'),
  8: always('before-all'),
  9: when({ unsigned: true }),
};

const env: () => PlaybookTestEnvironment = withEnvironment({
  checkinSeconds: 5,
  scenario: {
    ...fleet(9, (n) =>
      n === 2 ? { processes: [evil(n, { path: IMPOSTOR })] } : n === 9 ? { processes: [] } : {},
    ),
    binaries: {
      'evil-3': { signed: 'Signed', publisher: 'Remote Tools Ltd' },
      'evil-5': { hostCount: 11 },
      'evil-6': { hostCount: 10 },
    },
  },
  activityOverrides: {
    resolve: async (input: never): Promise<ResolveResult> => {
      const found = await createActivities({ cb: env().cb, clock: env().clock }).resolve(input);
      const { target } = found;
      const policy = POLICIES[target.sensorId] ?? DEFAULT_POLICY;
      const os = target.sensorId === 1 ? 'Windows Server 2012 R2 Standard, 64-bit' : target.os;
      return {
        ...found,
        target: { ...target, os },
        guard: { policy, digest: 'd'.repeat(64), name: 'test.yaml' },
      };
    },
  },
});

describe('A rule of the policy', () => {
  for (const [n, rule, because] of [
    [1, 'server', /^the host is a server \(Windows Server 2012/],
    [2, 'name of a protected process', /svchost\.exe has the name of a protected process$/],
    [3, 'signed', /is signed by Remote Tools Ltd$/],
    [4, 'not signed', /is not signed/],
    [5, 'seen on more than', /was seen on 11 hosts$/],
    [7, 'always', /^the policy asks for approval of every containment \(before-kill\)$/],
  ] as const) {
    it(`makes a run wait though the request does not: ${rule}`, async () => {
      const request = n === 2 ? { processPath: IMPOSTOR } : EVIL;
      const run = await env().contain({ hostname: hostName(n), ...request });
      const plan = await untilItAsks(env(), run);
      assert.deepEqual(await effectsOn(env(), n, ['killed']), []);
      assert.equal((await effectsOn(env(), n, ['isolated'])).length, 1);
      await approve(env(), run, plan.digest);
      const { receipt } = await run.outcome();
      assert.equal(receipt?.verdict, 'contained');
      assert.equal(receipt.approval?.because.length, 1);
      assert.match(receipt.approval?.because[0] ?? '', because);
    });
  }

  it('that does not hold makes nobody wait: the receipt says that no approval was needed', async () => {
    const run = await env().contain({ hostname: hostName(6), ...EVIL });
    const { receipt } = await run.outcome();
    assert.equal(receipt?.verdict, 'contained');
    assert.deepEqual([receipt.approval?.answer, receipt.approval?.mode], ['not-needed', 'none']);
    assert.equal(receipt.deadlinesPassed.length, 0);
    assert.equal(receipt.processes[0]?.path, EVIL_PATH);
  });

  it('makes a run wait where the hash of what it would kill is not known, and the receipt says who answered what', async () => {
    const fault = env().simulator.faults.add({
      method: 'POST',
      route: /\/command$/,
      bodyIncludes: { name: 'get file' },
      kind: { status: 400, body: 'no' },
    });
    await env().simulator.act.startProcess(9, { path: EVIL_PATH, binary: 'evil-9' });
    const run = await env().contain({ hostname: hostName(9), ...EVIL });
    const plan = await untilItAsks(env(), run);
    fault.remove();
    assert.equal(plan.processes[0]?.md5, null);
    assert.deepEqual(await effectsOn(env(), 9, ['killed']), []);
    await deny(env(), run);
    const { receipt } = await run.outcome();
    assert.match(receipt?.approval?.because.join() ?? '', /the hash of .*evil\.exe is not known/);
    assert.equal(receipt?.verdict, 'contained-partly');
  });

  it('is stricter than the request where it asks for more', async () => {
    const asked = { approval: 'before-kill', approvalTimeout: '10h' } as const;
    const run = await env().contain({ hostname: hostName(8), ...EVIL, ...asked });
    const plan = await untilItAsks(env(), run);
    const { approval } = await statusOf(run);
    const within = Date.parse(approval?.deadline ?? '') - Date.parse(plan.at);
    assert.ok(within < DEFAULT_POLICY.approval.timeoutMs + 60_000, `${within} ms`);
    assert.deepEqual(await effectsOn(env(), 8, ['wish-set']), []);
    await approve(env(), run, plan.digest);
    const { receipt } = await run.outcome();
    assert.deepEqual([receipt?.verdict, receipt?.approval?.mode], ['contained', 'before-all']);
  });
});
