import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { HashJudgement, OverridableRule, Policy } from '../../contract/index.js';
import { type BinaryName, guarded, md5 } from './support/binaries.js';
import { policy, withServer } from './support/judging.js';

const UNKNOWN = 'ABABABABABABABABABABABABABABABAB';
const server = withServer(guarded());

async function judge(
  md5s: string[],
  rules: Policy = policy(),
  overrides: OverridableRule[] = [],
): Promise<HashJudgement[]> {
  const { target, run } = server();
  const states = await run('readBans', { target, md5s });
  return await run('judgeHashes', { target, policy: rules, overrides, md5s, states });
}

async function one(name: BinaryName, rules?: Policy, overrides?: OverridableRule[]): Promise<HashJudgement> {
  const [judged] = await judge([md5(name)], rules, overrides);
  assert.ok(judged);
  return judged;
}

/** Routes asked from here on, summaries and counts by their kind. */
function countingRequests(): () => Record<string, number> {
  const { simulator } = server();
  const from = simulator.journal().length;
  return () => {
    const counts: Record<string, number> = {};
    for (const { route } of simulator.journal().slice(from)) counts[route] = (counts[route] ?? 0) + 1;
    return counts;
  };
}

describe('A hash signed by a vendor', () => {
  const never: [BinaryName, RegExp][] = [
    ['windows', /Signed by Microsoft Windows, the vendor of an operating system/],
    ['office', /Microsoft Corporation/],
    ['apple', /Apple Inc\./],
    ['redhat', /Red Hat, Inc\./],
    ['sensor', /Signed by Carbon Black, Inc\., the vendor of the sensor/],
    ['vmware', /VMware, Inc\., the vendor of the sensor/],
  ];
  for (const [name, why] of never) {
    it(`is refused, whoever overrides what: ${name}`, async () => {
      const judged = await one(name, policy({ mostHosts: null }), ['prevalent-ban', 'disabled-ban']);
      assert.equal(judged.judgement, 'refuse');
      assert.match(judged.why ?? '', why);
      assert.deepEqual([judged.overridable, judged.overridden], [null, []]);
      assert.equal(judged.signed, 'Signed');
    });
  }

  it('is refused where its certificate has merely run out; a third party’s is banned as ever', async () => {
    assert.equal((await one('expired')).judgement, 'refuse');
    const judged = await one('expiredTool', policy({ trustedPublishers: ['RealVNC Ltd'] }));
    assert.equal(judged.judgement, 'ban', judged.why ?? '');
  });

  it('is not one whose signature is bad: that is said, and it is banned', async () => {
    for (const name of ['forged', 'chain'] as const) {
      const judged = await one(name);
      assert.equal(judged.judgement, 'ban', name);
      assert.match(judged.why ?? '', /^Claims to be by Microsoft Corporation, and its signature is not good/);
    }
  });

  it('is not one that the vendor signed for others, nor one of a name that only begins alike', async () => {
    for (const name of ['driver', 'lookalike'] as const)
      assert.equal((await one(name)).judgement, 'ban', name);
  });

  it('of a third party is noted and banned', async () => {
    const judged = await one('tool');
    assert.equal(judged.judgement, 'ban');
    assert.equal(judged.why, 'Signed by RealVNC Ltd: a tool of a third party, banned all the same.');
    assert.deepEqual([judged.publisher, judged.hostsSeen, judged.percentOfFleet], ['RealVNC Ltd', 1, null]);
    assert.match(judged.firstSeen ?? '', /^\d{4}-.*Z$/);
  });
});

describe('A hash that the policy names', () => {
  it('by its publisher is refused, in any case of letters', async () => {
    const rules = policy({ trustedPublishers: ['example corp'] });
    const judged = await one('house', rules, ['prevalent-ban']);
    assert.deepEqual([judged.judgement, judged.overridable], ['refuse', null]);
    assert.match(judged.why ?? '', /Example Corp, a publisher that the policy trusts/);
    assert.equal((await one('tool', rules)).judgement, 'ban');
  });

  it('by its name but without a good signature is not protected by it', async () => {
    assert.equal(
      (await one('forged', policy({ trustedPublishers: ['Microsoft Corporation'] }))).judgement,
      'ban',
    );
  });

  it('itself is refused without a look at the server', async () => {
    const counts = countingRequests();
    const rules = policy({}, { protectedHashes: [md5('rare').toLowerCase()] });
    const judged = await one('rare', rules, ['prevalent-ban', 'disabled-ban']);
    assert.deepEqual([judged.judgement, judged.why], ['refuse', 'The policy protects this hash.']);
    assert.equal(judged.overridable, null);
    assert.deepEqual(Object.keys(counts()), ['GET /api/v1/banning/blacklist/:md5']);
  });
});

describe('A hash that no ban may have', () => {
  it('is refused before anything is asked', async () => {
    const { target, run } = server();
    const counts = countingRequests();
    const md5s = ['D41D8CD98F00B204E9800998ECF8427E', '0'.repeat(32), 'not a hash'];
    const judged = await run('judgeHashes', { target, policy: policy(), overrides: [], md5s, states: [] });
    assert.deepEqual(
      judged.map((j) => j.judgement),
      ['refuse', 'refuse', 'refuse'],
    );
    assert.match(judged[0]?.why ?? '', /empty file/);
    assert.deepEqual(counts(), {});
  });
});

describe('A hash that many hosts have', () => {
  it('is banned at the limit and refused above it; the words say what overrides that', async () => {
    const few = await one('few');
    assert.deepEqual([few.judgement, few.hostsSeen, few.why], ['ban', 25, null]);
    const many = await one('many');
    assert.deepEqual([many.judgement, many.overridable], ['refuse', 'prevalent-ban']);
    assert.match(
      many.why ?? '',
      /^Seen on 26 hosts, .* the policy allows 25 hosts\. Override: prevalent-ban, with a reason\.$/,
    );
  });

  it('is banned where a person overrides that, and says so', async () => {
    const judged = await one('many', policy(), ['prevalent-ban']);
    assert.deepEqual(
      [judged.judgement, judged.overridden, judged.overridable],
      ['ban', ['prevalent-ban'], null],
    );
    assert.match(judged.why ?? '', /Seen on 26 hosts.*Overridden \(prevalent-ban\)\./);
    assert.equal((await one('many', policy(), ['disabled-ban', 'limits'])).judgement, 'refuse');
  });

  it('is counted as a share of the fleet too, which costs one request however many hashes there are', async () => {
    const counts = countingRequests();
    const rules = policy({ mostHosts: null, mostPercent: 25 });
    const [few, many] = await judge([md5('few'), md5('many')], rules);
    assert.deepEqual([few?.judgement, few?.percentOfFleet], ['ban', 25]);
    assert.deepEqual([many?.judgement, many?.percentOfFleet], ['refuse', 26]);
    assert.match(many?.why ?? '', /26 hosts \(26 % of all sensors\).*allows 25 % of all sensors/);
    assert.equal(counts()['GET /api/v2/sensor'], 1);
  });

  it('names both limits where it is above both', async () => {
    const judged = await one('many', policy({ mostHosts: 10, mostPercent: 0.5 }));
    assert.match(judged.why ?? '', /allows 10 hosts and 0\.5 % of all sensors/);
  });

  it('is banned where the policy has no limit', async () => {
    assert.equal((await one('many', policy({ mostHosts: null }))).judgement, 'ban');
  });
});

describe('What the server does not know', () => {
  it('is said and refuses nothing: a file it never saw', async () => {
    const [judged] = await judge([UNKNOWN]);
    assert.deepEqual([judged?.judgement, judged?.hostsSeen, judged?.signed], ['ban', null, null]);
    assert.equal(
      judged?.why,
      'The server does not know this file, so nobody knows who signed it. On how many hosts it was seen is not known.',
    );
  });

  it('is asked for apart where the file is known and its hosts are not', async () => {
    const { simulator } = server();
    const route = /\/binary\/.{32}\/summary$/;
    const body = { md5: md5('rare'), signed: 'Unsigned' };
    const fault = simulator.faults.add({ method: 'GET', route, kind: { status: 200, body } });
    const counts = countingRequests();
    assert.equal((await one('rare')).hostsSeen, 1);
    assert.equal(counts()['GET /api/v1/process/host/count'], 1);
    const silent = simulator.faults.add({
      method: 'GET',
      route: '/api/v1/process/host/count',
      kind: { status: 404 },
    });
    const judged = await one('rare');
    fault.remove();
    silent.remove();
    assert.deepEqual([judged.judgement, judged.hostsSeen], ['ban', null]);
    assert.equal(judged.why, 'On how many hosts it was seen is not known.');
  });

  it('is not what it fails to answer: that is for the next attempt', async () => {
    const { simulator } = server();
    const route = /\/binary\/.{32}\/summary$/;
    const fault = simulator.faults.add({ method: 'GET', route, kind: 'html-502', times: 1 });
    await assert.rejects(
      judge([md5('rare'), md5('tool')]),
      (err) =>
        err instanceof ApplicationFailure && err.type === 'ServerUnavailable' && err.nonRetryable !== true,
    );
    assert.equal(fault.hits(), 1);
    assert.deepEqual(
      (await judge([md5('rare'), md5('tool')])).map((j) => j.judgement),
      ['ban', 'ban'],
    );
  });
});

describe('A ban of somebody else', () => {
  it('that is disabled is enabled again, unless the policy says no', async () => {
    assert.deepEqual((await one('lifted')).judgement, 'ban');
    const judged = await one('lifted', policy({ enableDisabled: false }));
    assert.deepEqual([judged.judgement, judged.overridable], ['refuse', 'disabled-ban']);
    assert.match(
      judged.why ?? '',
      /^There is a disabled ban of bob, and the policy does not enable it again\./,
    );
    assert.deepEqual(judged.ban && [judged.ban.enabled, judged.ban.username], [false, 'bob']);
  });

  it('that is disabled is enabled where a person overrides the policy', async () => {
    const judged = await one('lifted', policy({ enableDisabled: false }), ['disabled-ban']);
    assert.deepEqual([judged.judgement, judged.overridden], ['ban', ['disabled-ban']]);
  });

  it('needs every rule overridden that speaks against it', async () => {
    const rules = policy({ enableDisabled: false });
    const half = await one('liftedAndMany', rules, ['prevalent-ban']);
    assert.deepEqual([half.judgement, half.overridable, half.overridden], ['refuse', 'disabled-ban', []]);
    assert.doesNotMatch(half.why ?? '', /400 hosts/);
    const both = await one('liftedAndMany', rules, ['prevalent-ban', 'disabled-ban']);
    assert.deepEqual([both.judgement, both.overridden], ['ban', ['prevalent-ban', 'disabled-ban']]);
  });

  it('that stands is no new one: it is left, and what is wrong with it is said', async () => {
    assert.deepEqual([(await one('standing')).judgement, (await one('standing')).why], ['ban', null]);
    const judged = await one('standingSystem');
    assert.equal(judged.judgement, 'ban');
    assert.match(judged.why ?? '', /^A new ban would be refused: Signed by Microsoft Windows/);
  });
});

describe('A share just above the limit', () => {
  const odd = withServer({ ...guarded(), fillerSensors: 94 });

  it('is above it, though it rounds to the limit', async () => {
    const rules = policy({ mostHosts: null, mostPercent: 26 });
    const input = { target: odd().target, policy: rules, overrides: [], md5s: [md5('few')], states: [] };
    const [few] = await odd().run('judgeHashes', input);
    assert.deepEqual([few?.judgement, few?.percentOfFleet], ['refuse', 26]);
    assert.match(few?.why ?? '', /just over 26 %/);
  });
});

describe('A hash that a protected process runs', () => {
  it('is refused, whoever signed it and whoever overrides what', async () => {
    const { target, run } = server();
    const input = { target, policy: policy(), md5s: [md5('rare'), md5('tool')], states: [] };
    const judged = await run('judgeHashes', {
      ...input,
      overrides: ['prevalent-ban'],
      protectedMd5s: [md5('rare')],
    });
    assert.deepEqual(
      judged.map((j) => [j.judgement, j.overridable]),
      [
        ['refuse', null],
        ['ban', null],
      ],
    );
    assert.equal(judged[0]?.why, 'A protected process runs this very file.');
  });
});

describe('A server that lets nobody look', () => {
  it('has each new ban refused, and the others of the plan stand', async () => {
    const { simulator } = server();
    const route = new RegExp(`/binary/${md5('rare')}/summary$`, 'i');
    const fault = simulator.faults.add({ method: 'GET', route, kind: { status: 403, body: 'no' } });
    const [rare, tool] = await judge([md5('rare'), md5('tool')]);
    fault.remove();
    assert.deepEqual([rare?.judgement, rare?.unjudged?.type], ['refuse', 'Forbidden']);
    assert.match(rare?.why ?? '', /^It could not be judged: /);
    assert.deepEqual([tool?.judgement, tool?.unjudged], ['ban', undefined]);
  });
});

describe('Many hashes', () => {
  it('are judged in their order, one request each, never more than four at once', async () => {
    const { simulator, target, run } = server();
    const md5s = Array.from({ length: 30 }, (_, i) =>
      i === 7 ? md5('windows') : i === 9 ? md5('rare') : md5('tool'),
    );
    const [open, most] = [new Set<number>(), { n: 0 }];
    const stop = simulator.observe(async ({ phase, entry }) => {
      if (phase === 'after') {
        await new Promise((resolve) => setTimeout(resolve, 2));
        open.delete(entry.n);
        return;
      }
      open.add(entry.n);
      most.n = Math.max(most.n, open.size);
    });
    const counts = countingRequests();
    const judged = await run('judgeHashes', { target, policy: policy(), overrides: [], md5s, states: [] });
    stop();
    assert.deepEqual(
      judged.map((j) => j.md5),
      md5s,
    );
    assert.deepEqual([judged[7]?.judgement, judged[9]?.judgement], ['refuse', 'ban']);
    assert.deepEqual(counts(), { 'GET /api/v1/binary/:md5/summary': 30 });
    // How many overlap is the machine's affair; the limit is ours.
    assert.ok(most.n > 1 && most.n <= 4, `${most.n} at once`);
  });

  it('of another server are not judged here', async () => {
    const { target, run } = server();
    const input = {
      target: { ...target, server: 'other' },
      policy: policy(),
      overrides: [],
      md5s: [],
      states: [],
    };
    await assert.rejects(run('judgeHashes', input), /other/);
  });
});
