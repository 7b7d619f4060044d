import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import {
  type ContainRequest,
  exitCodeOf,
  type JoinResult,
  type Receipt,
  UPDATES,
} from '../../contract/index.js';
import { aftermath, effectsOn } from './support/aftermath.js';
import { EVIL_PATH, evil, evilMd5, host, hostName, md5Of, scenario } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

const ERP = 'c:\\app\\erp.exe';
const OVERRIDE: Partial<ContainRequest> = {
  overrides: ['protected-host'],
  reason: 'it is on fire',
  requestedBy: 'ana',
};
const EVIL = { processName: 'evil.exe' };
const env = withEnvironment({
  checkinSeconds: 5,
  scenario: scenario(
    [
      host(1, { groupId: 2 }),
      host(2, { hostname: 'DC01', dnsName: 'dc01.corp.example' }),
      host(3),
      host(4, { os: 'linux', processes: [] }),
      host(5, { osName: 'Windows Server 2019 Standard, 64-bit' }),
      host(6),
      host(7, { supportsLiveResponse: false, supportsIsolation: false, groupId: 2 }),
      host(8, {
        processes: [evil(8), evil(8, { path: ERP, pid: 2500, binary: 'erp' })],
      }),
      host(9, {
        processes: [evil(9, { path: 'c:\\temp\\erp.exe' }), evil(9, { path: ERP, pid: 2500, binary: 'erp' })],
      }),
      host(10),
      host(11),
      host(12),
      host(14),
      // The very file of a protected process, copied elsewhere.
      host(13, {
        processes: [
          evil(13, { path: 'c:\\temp\\erp.exe', binary: 'erp-13' }),
          evil(13, { path: ERP, pid: 2500, binary: 'erp-13' }),
        ],
      }),
    ],
    {
      groups: [
        { id: 1, name: 'Default Group' },
        { id: 2, name: 'VIP' },
      ],
    },
  ),
  policy: {
    protectedHosts: {
      names: ['dc*'],
      groupIds: [2],
      sensorIds: [3],
      osTypes: ['linux'],
      servers: true,
    },
    protectedProcesses: ['backup.exe', ERP],
    defaults: { lease: '4h', onFailure: 'keep', onDrift: 'reassert' },
  },
});

async function contain(request: ContainRequest): Promise<Receipt> {
  const { receipt } = await (await env().contain(request)).outcome();
  assert.ok(receipt);
  return receipt;
}

async function untouched(sensorId: number): Promise<void> {
  const changes = ['wish-set', 'session-opened', 'killed'] as const;
  assert.deepEqual(await effectsOn(env(), sensorId, changes), []);
}

describe('A host that the policy protects', () => {
  for (const [n, hostname, rule] of [
    [2, 'dc01', /name dc\*/],
    [1, hostName(1), /group 2/],
    [3, hostName(3), /sensor 3/],
    [4, hostName(4), /system linux/],
    [5, hostName(5), /it is a server \(Windows Server 2019/],
  ] as const) {
    it(`is refused by ${rule.source}, and nothing is changed`, async () => {
      const receipt = await contain({ hostname, ...EVIL });
      assert.equal(receipt.verdict, 'not-contained');
      assert.equal(exitCodeOf(receipt), 16);
      assert.deepEqual(receipt.bans, []);
      const [problem, ...more] = receipt.problems;
      assert.deepEqual([problem?.type, more.length], ['ProtectedHost', 0]);
      assert.match(problem?.message ?? '', rule);
      assert.match(problem?.message ?? '', /To settle it: --override protected-host/);
      await untouched(n);
    });
  }

  it('is told beside every other objection, all at once', async () => {
    const receipt = await contain({ hostname: hostName(7), processName: 'lsass.exe' });
    assert.deepEqual(receipt.problems.map((p) => p.type).sort(), [
      'IsolationUnsupported',
      'LiveResponseUnsupported',
      'ProtectedHost',
      'ProtectedProcess',
    ]);
    for (const { message } of receipt.problems) assert.match(message, /To settle it: \S/);
  });

  it('is contained where somebody overrides the rule: who, why and what it let through are in the receipt', async () => {
    const receipt = await contain({ hostname: hostName(3), ...EVIL, ...OVERRIDE });
    assert.equal(receipt.verdict, 'contained', receipt.summary);
    assert.deepEqual(receipt.overrides, [
      {
        rule: 'protected-host',
        who: 'ana',
        why: 'it is on fire',
        letThrough: 'HOST-3 is protected by the policy: sensor 3.',
      },
    ]);
  });

  it('is not reached by a plain start that overrides without saying who and why', async () => {
    const run = await env().contain({ hostname: hostName(1), ...EVIL, overrides: ['protected-host'] });
    const { type } = await run.outcome();
    assert.equal(type, 'InvalidRequest');
    await untouched(1);
  });
});

describe('A run with a policy', () => {
  it('has its name and digest in the receipt, its defaults for what the request does not say, and an idle override', async () => {
    const receipt = await contain({ hostname: hostName(6), ...EVIL, ...OVERRIDE });
    assert.equal(receipt.verdict, 'contained');
    assert.equal(receipt.policy?.name, 'test');
    assert.match(receipt.policy?.digest ?? '', /^[0-9a-f]{64}$/);
    assert.equal(receipt.failurePolicy.policy, 'keep');
    assert.deepEqual(
      receipt.overrides.map((o) => o.letThrough),
      [null],
    );
    const left = Date.parse(receipt.isolation.expiresAt ?? '') - Date.parse(receipt.endedAt);
    assert.ok(Math.abs(left - 4 * 3_600_000) < 120_000, `${left} ms`);
  });

  it('never kills what the policy protects, by base name or path, whatever else the name matches', async () => {
    const receipt = await contain({ hostname: hostName(9), processName: 'erp.exe' });
    assert.equal(receipt.verdict, 'contained-partly');
    assert.deepEqual(receipt.gaps, ['process-alive']);
    const rows = receipt.processes.map((p) => [p.path, p.outcome, /policy/.test(p.why ?? '')]);
    assert.deepEqual(rows.sort(), [
      [ERP, 'protected', true],
      ['c:\\temp\\erp.exe', 'killed', false],
    ]);
    assert.ok(
      receipt.notes.some((n) => n.includes(ERP) && /left alive/.test(n)),
      receipt.notes.join(),
    );
    const killed = await effectsOn(env(), 9, ['killed']);
    assert.deepEqual(
      killed.map((e) => e.path),
      ['c:\\temp\\erp.exe'],
    );
  });

  it('never bans the file of a protected process: not where a copy of it is killed, nor under its name', async () => {
    for (const banScope of ['instance', 'name'] as const) {
      const receipt = await contain({ hostname: hostName(13), processName: 'erp.exe', banScope });
      assert.equal(receipt.verdict, 'contained-partly', banScope);
      const shared = receipt.bans.find((b) => b.md5 === md5Of('erp-13'));
      assert.equal(shared?.outcome, 'refused', banScope);
      assert.equal(shared.why, 'A protected process runs this very file.');
    }
    const banned = (await env().simulator.ledger()).filter((e) => e.effect === 'banned');
    for (const binary of ['erp', 'erp-13'])
      assert.ok(!banned.some((e) => e.md5?.toUpperCase() === md5Of(binary)), binary);
    const { sensors } = await env().simulator.state();
    const paths = sensors.find((s) => s.id === 13)?.processes.map((p) => p.path) ?? [];
    assert.deepEqual(
      paths.filter((p) => p.endsWith('erp.exe')),
      [ERP],
    );
  });

  it('is refused at once where the selector itself names such a process, and nobody can override that', async () => {
    for (const selector of [{ processName: 'BACKUP.exe' }, { processPath: 'C:/app/erp.exe' }]) {
      const receipt = await contain({ hostname: hostName(8), ...selector, ...OVERRIDE });
      assert.deepEqual(
        receipt.problems.map((p) => p.type),
        ['ProtectedProcess'],
      );
      assert.match(receipt.problems[0]?.message ?? '', /The policy protects/);
      assert.equal(exitCodeOf(receipt), 16);
    }
    await untouched(8);
  });

  it('goes by the stricter of the worker’s and the request’s', async () => {
    const policy = { protectedHosts: { names: ['host-8'] }, protectedProcesses: ['nothing.exe'] };
    const refused = await contain({ hostname: hostName(8), ...EVIL, policy });
    assert.deepEqual(
      refused.problems.map((p) => p.type),
      ['ProtectedHost'],
    );
    assert.equal(refused.policy?.name, "test + the request's");
    const laxer = await contain({
      hostname: hostName(8),
      processName: 'backup.exe',
      policy: { protectedProcesses: [] },
    });
    assert.deepEqual(
      laxer.problems.map((p) => p.type),
      ['ProtectedProcess'],
    );
    await untouched(8);
  });
});

describe('Who joins a run', () => {
  it('is refused what its preflight would refuse, a policy of its own, and an override that it began without', async () => {
    const hold = env().simulator.hold({
      method: 'POST',
      route: /\/command$/,
      bodyIncludes: { name: 'process list' },
      when: 'before',
    });
    const run = await env().contain({ hostname: hostName(10), ...EVIL, ...OVERRIDE, onFailure: 'release' });
    const ended = env().timePasses(run.outcome());
    await hold.arrived;
    const join = (request: Partial<ContainRequest>): Promise<JoinResult> =>
      run.handle.executeUpdate<JoinResult, [{ request: ContainRequest }]>(UPDATES.join, {
        args: [{ request: { hostname: hostName(10), ...EVIL, ...request } }],
      });
    const refusal = async (request: Partial<ContainRequest>): Promise<string> => {
      const error: unknown = await join(request).catch((err: unknown) => err);
      assert.ok(error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure);
      return `${error.cause.type}: ${error.cause.message}`;
    };
    assert.match(await refusal({ processName: 'backup.exe' }), /^ProtectedProcess: The policy protects/);
    assert.match(
      await refusal({ processName: 'backup.exe', kill: false, banScope: 'name' }),
      /^ProtectedProcess/,
    );
    assert.match(
      await refusal({ policy: { kill: { rounds: 1 } } }),
      /^DifferentRequest: .*the policy it began with/,
    );
    assert.match(
      await refusal({ ...OVERRIDE, overrides: ['limits'] }),
      /^DifferentRequest: .*overriding limits/,
    );
    assert.equal((await join({ ...OVERRIDE, requestedBy: 'bob' })).joined, true);
    hold.release();
    const { receipt } = await ended;
    assert.equal(receipt?.verdict, 'contained');
    assert.equal(
      receipt.failurePolicy.policy,
      'keep',
      'the policy’s default, which the join did not say otherwise',
    );
    assert.deepEqual(
      receipt.overrides.map((o) => o.who),
      ['ana'],
    );
    assert.ok(receipt.isolation.expiresAt !== null, 'nobody asked for more than the policy’s lease');
  });
});

describe('Who joins before the policy is known', () => {
  it('is merged as if it had been: the later end of the policy’s default and what the join says', async () => {
    const hold = env().simulator.hold({ method: 'GET', route: /\/api\/v1\/sensor/, when: 'before' });
    const run = await env().contain({ hostname: hostName(11), ...EVIL });
    const ended = env().timePasses(run.outcome());
    await hold.arrived;
    await run.handle.executeUpdate<JoinResult, [{ request: ContainRequest }]>(UPDATES.join, {
      args: [{ request: { hostname: hostName(11), ...EVIL, lease: '8h' } }],
    });
    hold.release();
    const { receipt } = await ended;
    assert.equal(receipt?.verdict, 'contained');
    const left = Date.parse(receipt.isolation.expiresAt ?? '') - Date.parse(receipt.endedAt);
    assert.ok(Math.abs(left - 8 * 3_600_000) < 120_000, `${left} ms`);
  });
});

describe('Who joins before the policy is known and asks for what it forbids', () => {
  it('ends the run before anything is changed, with what was wrong', async () => {
    const hold = env().simulator.hold({ method: 'GET', route: /\/api\/v1\/sensor/, when: 'before' });
    const run = await env().contain({ hostname: hostName(14), ...EVIL, banScope: 'none' });
    const ended = env().timePasses(run.outcome());
    await hold.arrived;
    const request: ContainRequest = {
      hostname: hostName(14),
      processName: 'backup.exe',
      kill: false,
      banScope: 'name',
    };
    await run.handle.executeUpdate<JoinResult, [{ request: ContainRequest }]>(UPDATES.join, {
      args: [{ request }],
    });
    hold.release();
    const { receipt } = await ended;
    assert.deepEqual(
      receipt?.problems.map((p) => p.type),
      ['ProtectedProcess'],
    );
    await untouched(14);
  });
});

describe('Preflight', () => {
  it('costs at most four requests, on a server that knows the older route of groups alone, too', async () => {
    const before = env().simulator.journal().length;
    const v3 = env().simulator.faults.add({
      method: 'GET',
      route: '/api/v3/group/:id',
      kind: { status: 404 },
    });
    await contain({ hostname: hostName(1), ...EVIL });
    v3.remove();
    const requests = env()
      .simulator.journal()
      .slice(before)
      .map((e) => `${e.method} ${e.path}`);
    const preflight = requests.filter((r) => !/^GET \/api\/v\d\/sensor/.test(r));
    assert.ok(preflight.length > 0 && preflight.length <= 4, requests.join('\n'));
  });

  it('notes that Live Response is scarce, and that somebody holds a session, and objects to neither', async () => {
    const sessions: number[] = [];
    for (const n of [1, 2, 3, 4, 5, 12]) sessions.push(await env().simulator.act.openSessionAs(n, 'analyst'));
    const receipt = await contain({ hostname: hostName(12), ...EVIL });
    for (const id of sessions) await env().simulator.act.closeSession(id);
    assert.equal(receipt.verdict, 'contained', receipt.summary);
    assert.ok(
      receipt.notes.some((n) => /scarce now: 6 of the server's 10/.test(n)),
      receipt.notes.join(),
    );
    assert.ok(
      receipt.notes.some((n) => /held by somebody already/.test(n)),
      receipt.notes.join(),
    );
    const after = await aftermath(env(), 12, { path: EVIL_PATH, md5s: [evilMd5(12)] });
    assert.deepEqual([after.fact, after.alive], [true, 0]);
  });
});
