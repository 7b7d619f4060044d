import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { DEFAULT_POLICY, MEMO_KEYS, PLAYBOOK_VERSION, type Receipt } from '../../contract/index.js';
import { policyDigest } from '../../activities/freeze-policy.js';
import { type JournalEntry, syntheticFile } from '../../simulator/index.js';
import type { Containment, Outcome } from '../../testing/index.js';
import { activitiesOf, summariesOf } from './support/history.js';
import { withEnvironment } from './support/with-environment.js';

/** As a worker has read them when it started. */
const INFO = { version: '7.5.0', cblrEnabled: true, banningEnabled: true, maxSearchResultRows: null };
const env = withEnvironment({
  scenario: 'evil-sticky-notes',
  info: { goodForMs: 600_000, first: INFO },
});
const MD5 = syntheticFile('evil-vnc', 48_128).md5.toUpperCase();
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let run: Containment;
let outcome: Outcome;
let receipt: Receipt;
describe('A clean run', () => {
  before(async () => {
    run = await env().contain({
      hostname: 'win7pro64',
      processName: 'vnc.exe',
      reason: 'alert 4711',
      case: 'INC-7',
      requestedBy: 'ana',
    });
    outcome = await run.outcome();
    assert.ok(outcome.receipt);
    receipt = outcome.receipt;
  });

  describe('its receipt', () => {
    it('is the result of a completed run', () => {
      assert.deepEqual([outcome.closed, outcome.type], ['completed', null]);
    });

    it('has every field, to the letter, and null where there is nothing to say', () => {
      const process = (pid: number, parentPid: number, commandLine: string) => ({
        pid,
        path: 'c:\\program files\\evil sticky notes\\vnc.exe',
        commandLine,
        username: 'WIN7PRO64\\user',
        md5: MD5,
        hashSource: 'index',
        outcome: 'killed',
        why: null,
        round: 1,
        parent: parentPid,
      });
      assert.deepEqual(withoutTimes(receipt), {
        schema: 'cb-response-playbook/receipt/v1',
        verdict: 'contained',
        gaps: [],
        summary: 'WIN7PRO64 is contained: isolated, 2 dead, 1 banned.',
        workflowId: 'contain/win7pro64',
        runId: run.runId,
        webUrl: null,
        playbookVersion: PLAYBOOK_VERSION,
        case: 'INC-7',
        request: {
          hostname: 'win7pro64',
          processName: 'vnc.exe',
          reason: 'alert 4711',
          case: 'INC-7',
          requestedBy: 'ana',
        },
        requestedBy: [
          {
            who: 'ana',
            reason: 'alert 4711',
            selector: { name: 'vnc.exe' },
            joined: false,
            requestId: null,
          },
        ],
        target: {
          server: new URL(env().simulator.url).host,
          sensorId: 1,
          hostname: 'WIN7PRO64',
          dnsName: 'win7pro64.corp.example',
          ip: '192.168.1.163',
          groupId: 1,
          os: 'Windows 7 Professional Service Pack 1, 64-bit',
          osType: 'windows',
        },
        isolation: { outcome: 'isolated', leaseId: 'isolation/1', expiresAt: null },
        hostState: { wish: true, fact: true, liveMatches: 0 },
        drift: [],
        processes: [
          process(2212, 1884, '"C:\\Program Files\\Evil Sticky Notes\\vnc.exe" -connect 203.0.113.7'),
          process(3048, 2212, '"C:\\Program Files\\Evil Sticky Notes\\vnc.exe" -watch'),
        ],
        bans: [
          {
            md5: MD5,
            outcome: 'banned',
            why: null,
            guid: receipt.processes[0]?.guid,
            hostsSeen: 1,
            percentOfFleet: null,
            signed: 'Unsigned',
            publisher: null,
            enforcedOnTarget: true,
          },
        ],
        undo: [],
        policy: { name: 'built-in', digest: policyDigest(DEFAULT_POLICY) },
        overrides: [],
        approval: null,
        plan: null,
        evidence: [],
        failurePolicy: { policy: 'auto', changedBy: null, why: null },
        sessions: [{ id: 1, ours: true, closed: true, why: null }],
        nearestNames: [],
        notes: [
          `Bans are global: they hold on every host whose group enforces bans. Seen so far: ${MD5} on one host.`,
        ],
        deadlinesPassed: [],
        problems: [],
        truncated: {},
      });
    });

    it('writes every time in UTC', () => {
      const times = [
        receipt.startedAt,
        receipt.endedAt,
        receipt.requestedBy[0]?.at,
        receipt.target?.lastCheckin,
        receipt.isolation.requestedAt,
        receipt.isolation.confirmedAt,
        receipt.hostState.asOf,
        receipt.hostState.listedAt,
        ...receipt.processes.flatMap((p) => [p.at, p.startedAt]),
        ...receipt.bans.map((b) => b.at),
      ];
      for (const time of times) assert.match(time ?? 'missing', UTC);
    });

    it('stands in the memo of the closed run as well', async () => {
      assert.deepEqual((await run.handle.describe()).memo?.[MEMO_KEYS.receipt], receipt);
    });

    it('tells of the processes that the ledger saw killed, and of no other', async () => {
      const ledger = await env().simulator.ledger();
      const killed = ledger.filter((e) => e.effect === 'killed');
      assert.deepEqual(
        receipt.processes.map((p) => p.guid),
        killed.map((e) => e.guid),
      );
      assert.deepEqual(
        new Set(killed.map((e) => e.sensorId)),
        new Set([1]),
        'the look-alike host is untouched',
      );
    });
  });

  describe('its history', () => {
    it('says in each row what it does to which host', async () => {
      const summaries = await summariesOf(run.handle);
      for (const wanted of [
        'Find the one sensor of win7pro64',
        'May WIN7PRO64 be contained?',
        'Isolate WIN7PRO64 (sensor 1)',
        'Until WIN7PRO64 says it is isolated',
        'Kill vnc.exe on WIN7PRO64',
        `Ban ${MD5} (WIN7PRO64)`,
        'Read WIN7PRO64 once more',
      ]) {
        assert.ok(summaries.includes(wanted), `${wanted}: ${summaries.join(' | ')}`);
      }
      for (const text of summaries) assert.match(text, /win7pro64/i, summaries.join(' | '));
    });

    it('runs each activity once, but for the bans that are read again at the end: nothing is undone', async () => {
      const types = await activitiesOf(run.handle);
      const twice = types.filter((type, i) => types.indexOf(type) !== i);
      assert.deepEqual(twice, ['readBans'], types.join(', '));
      for (const never of ['unisolate', 'unban', 'settleSession']) assert.ok(!types.includes(never), never);
    });
  });

  describe('its requests', () => {
    it('places the wish before a session is asked for', () => {
      const routes = env()
        .simulator.journal()
        .map((e) => `${e.method} ${e.path}`);
      const wish = routes.indexOf('PUT /api/v1/sensor/1');
      assert.ok(wish >= 0 && wish < routes.indexOf('POST /api/v1/cblr/session'), routes.join('\n'));
    });

    it('ask for one session, which may be pending for two check-in intervals', () => {
      const opens = env()
        .simulator.journal()
        .filter((e) => e.method === 'POST' && e.path === '/api/v1/cblr/session');
      assert.deepEqual(
        opens.map((e) => e.body),
        [{ sensor_id: 1, checkin_timeout: 2 * 30 }],
      );
    });

    it('are at most sixteen, a repeated GET being polling', () => {
      const journal = env().simulator.journal();
      const changes = journal.filter((e) => e.method !== 'GET').length - tooOldLists(journal);
      const gets = journal.filter((e) => e.method === 'GET').map((e) => e.route);
      assert.equal(gets.filter((route) => route.includes('/binary/')).length, 1, 'one look a hash');
      const reads = new Set(gets).size;
      assert.ok(changes + reads <= 16, `${changes} changes and ${reads} reads`);
    });

    it('read wish, ban and process list back after each change', () => {
      const entries = env().simulator.journal();
      const after = (method: string, path: RegExp, read: RegExp) => {
        const at = entries.findLastIndex((e) => e.method === method && path.test(e.path));
        assert.ok(at >= 0, `${method} ${path.source}`);
        const found = entries.slice(at + 1).some((e) => e.method === 'GET' && read.test(e.path));
        assert.ok(found, `${read.source} after ${method} ${path.source}`);
      };
      after('PUT', /\/sensor\/1$/, /\/sensor\/1$/);
      after('POST', /\/blacklist$/, /\/blacklist\/.{32}$/);
      assert.deepEqual(
        commandsOf(entries)
          .map((e) => (e.body as { name: string }).name)
          .slice(tooOldLists(entries)),
        ['process list', 'kill', 'kill', 'process list'],
      );
    });
  });
});

function commandsOf(journal: JournalEntry[]): JournalEntry[] {
  return journal.filter((e) => e.method === 'POST' && e.path.endsWith('/command'));
}

/** Lists that a slow machine let grow older than a second before it came to kill: only such a one is made anew (docs/kill.md). */
function tooOldLists(journal: JournalEntry[]): number {
  const commands = commandsOf(journal);
  const kill = commands.findIndex((e) => (e.body as { name: string }).name === 'kill');
  const lists = commands.slice(0, kill);
  for (const [i, list] of lists.slice(1).entries())
    assert.ok(list.at - (lists[i]?.at ?? 0) > 1_000, 'a list was made anew within a second');
  return lists.length - 1;
}

/** The receipt without what differs from run to run; a parent as the pid in its GUID. */
function withoutTimes(r: Receipt): unknown {
  const { startedAt: _s, endedAt: _e, ...rest } = r;
  return {
    ...rest,
    requestedBy: r.requestedBy.map(({ at: _, ...row }) => row),
    target: r.target && without(r.target, 'lastCheckin', 'registration'),
    isolation: without(r.isolation, 'requestedAt', 'confirmedAt'),
    hostState: without(r.hostState, 'asOf', 'listedAt'),
    processes: r.processes.map(({ guid: _g, at: _a, startedAt: _t, gapMs: _gap, parentGuid, ...row }) => ({
      ...row,
      parent: Number.parseInt(parentGuid?.slice(9, 18).replace('-', '') ?? '', 16),
    })),
    bans: r.bans.map(({ at: _, ...row }) => row),
  };
}

function without<T extends object>(value: T, ...keys: (keyof T)[]): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !(keys as string[]).includes(key)),
  ) as Partial<T>;
}
