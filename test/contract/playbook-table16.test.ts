import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Receipt } from '../../contract/index.js';
import {
  defaultKnobs,
  type Effect,
  type JournalEntry,
  type Knobs,
  type LedgerEntry,
  syntheticFile,
  TABLE_16,
} from '../../simulator/index.js';
import type { PlaybookTestEnvironment } from '../../testing/index.js';
import { evil, EVIL_PATH, host, hostName, scenario } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';

const PIDS = [2400, 3048];
const OPEN = ['pending', 'active'];

interface SetUp {
  knobs?: Partial<Knobs>;
  act?: (env: PlaybookTestEnvironment, sensorId: number) => Promise<unknown>;
  /** The verdict where it cannot be `contained`. */
  verdict?: Receipt['verdict'];
  /** Whether the server did give that answer. */
  given?: (journal: JournalEntry[], answer: string) => boolean;
}

const refused =
  (route: string): SetUp['given'] =>
  (journal, answer) =>
    journal.some((entry) => entry.route === route && String(entry.status) === answer);

/** What it takes for an open question to matter to a containment. */
const setUps: Partial<Record<keyof Knobs, SetUp>> = {
  // One session a server, and an analyst has it until it times out.
  sessionLimitReply: {
    knobs: { maxSessions: 1 },
    act: (env) => env.simulator.act.openSessionAs(ANALYSTS, 'analyst'),
    given: refused('POST /api/v1/cblr/session'),
  },
  // A ban that was there once, and was lifted.
  banPost: {
    act: async ({ simulator: { act } }, sensorId) => {
      const { md5 } = syntheticFile(`evil-${sensorId}`);
      await act.addBan(md5, 'analyst', 'theirs');
      await act.disableBan(md5);
    },
  },
  missingRight: {
    knobs: { rights: { view: true, isolate: true, ban: false, liveResponse: true } },
    verdict: 'contained-partly',
    given: refused('POST /api/v1/banning/blacklist'),
  },
  // A command that outlasts what the server's front end waits for.
  waitLimitReply: { knobs: { proxyLimitMs: 1_000, commandLatencyMs: 2_500 } },
};

/** Of routes or answers that no containment comes by; the client's own tests go through them. */
const elsewhere: (keyof Knobs)[] = ['unpagedLimitReply', 'unknownSensorKey', 'unknownBanDelete', 'badMd5'];

/** A host that vanishes for good after the first list cannot be contained; what was seen alive keeps it isolated. */
const hopeless: Record<string, Receipt['verdict']> = { vanish: 'contained-partly' };

interface Case extends SetUp {
  title: string;
  answer: string;
  knobs: Partial<Knobs>;
  verdict: Receipt['verdict'];
}

const cases: Case[] = TABLE_16.filter(({ name }) => !elsewhere.includes(name)).flatMap(
  ({ id, name, default: normal, alternatives }) => {
    const setUp = setUps[name];
    return (setUp === undefined ? alternatives : [normal, ...alternatives]).map((answer) => ({
      ...setUp,
      title: `${id}, ${name}: with ${answer}`,
      answer,
      knobs: { ...setUp?.knobs, [name]: answer },
      verdict: hopeless[answer] ?? setUp?.verdict ?? 'contained',
    }));
  },
);

/** A host a case, one server: its settings are turned, and turned back after each case. */
const ANALYSTS = cases.length + 1;
const env = withEnvironment({
  scenario: scenario(
    Array.from({ length: ANALYSTS }, (_, i) =>
      host(i + 1, { processes: PIDS.map((pid) => evil(i + 1, { pid })) }),
    ),
  ),
  log: () => undefined,
});

/** Whatever the answer: nothing twice, no other host touched, no session of ours left, and the receipt says what is so. */
function assertEffects(ledger: LedgerEntry[], sensorId: number, receipt: Receipt, context: string): void {
  const ours = ledger.filter((entry) => entry.by !== 'analyst' && entry.by !== 'nobody');
  const of = (effect: Effect) => ours.filter((e) => e.effect === effect && e.sensorId === sensorId);
  assert.equal(of('wish-set').length, 1, context);
  const killed = of('killed').map(({ pid }) => pid);
  const reported = receipt.processes.filter(({ outcome }) => outcome === 'killed').map(({ pid }) => pid);
  assert.deepEqual(killed, reported, context);
  assert.ok(ours.filter(({ effect }) => effect === 'banned').length <= 1, context);
  const done: Effect[] = ['wish-set', 'isolated', 'killed', 'kill-failed', 'process-list'];
  assert.ok(!ours.some((e) => e.sensorId !== sensorId && done.includes(e.effect)), context);
}

function assertContained(receipt: Receipt, context: string): void {
  assert.deepEqual(
    receipt.processes.map(({ pid, outcome, path }) => [pid, outcome, path]),
    PIDS.map((pid) => [pid, 'killed', EVIL_PATH]),
    context,
  );
  assert.deepEqual(
    receipt.bans.map(({ outcome }) => outcome),
    ['banned'],
    context,
  );
  assert.equal(receipt.isolation.outcome, 'isolated', context);
}

describe('The playbook gives an honest verdict whatever the answer to open question', () => {
  for (const [i, { title, answer, knobs, act, given, verdict }] of cases.entries()) {
    it(`${title} it is ${verdict}.`, async () => {
      const { simulator } = env();
      const sensorId = i + 1;
      const [asked, happened] = [simulator.journal().length, (await simulator.ledger()).length];
      await act?.(env(), sensorId);
      await simulator.act.turn(knobs);
      const request = { hostname: hostName(sensorId), processName: 'evil.exe', offlineFor: '30m' };
      const { receipt } = await (await env().contain(request)).outcome();
      await simulator.act.turn(defaultKnobs);
      const ledger = (await simulator.ledger()).slice(happened);
      const context = `${JSON.stringify(receipt, null, 1)}\n${ledger.map((e) => JSON.stringify(e)).join('\n')}`;
      assert.equal(receipt?.verdict, verdict, context);
      if (verdict === 'contained') assertContained(receipt, context);
      assertEffects(ledger, sensorId, receipt, context);
      assert.ok(given?.(simulator.journal().slice(asked), answer) ?? true, `${answer} was never answered`);
      const { sessions } = await simulator.state();
      const open = sessions.filter((s) => s.openedBy !== 'analyst' && OPEN.includes(s.status));
      assert.deepEqual(open, [], context);
    });
  }
});
