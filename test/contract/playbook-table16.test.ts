import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Receipt } from '../../contract/index.js';
import {
  syntheticFile,
  TABLE_16,
  type JournalEntry,
  type Knobs,
  type SimulatorOptions,
} from '../../simulator/index.js';
import { createPlaybookTestEnvironment, type PlaybookTestEnvironment } from '../../testing/index.js';

const request = { hostname: 'win7pro64', processName: 'vnc.exe', offlineFor: '2h' };

const MD5 = syntheticFile('evil-vnc', 48_128).md5;

interface SetUp {
  knobs?: Partial<Knobs>;
  act?: (env: PlaybookTestEnvironment) => Promise<unknown>;
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
    act: (env) => env.simulator.act.openSessionAs(2, 'analyst'),
    given: refused('POST /api/v1/cblr/session'),
  },
  // A ban that was there once, and was lifted.
  banPost: {
    act: async ({ simulator: { act } }) => {
      await act.addBan(MD5, 'analyst', 'theirs');
      await act.disableBan(MD5);
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

async function containOn(
  options: Partial<SimulatorOptions>,
  { act, given }: SetUp,
  answer: string,
): Promise<Receipt> {
  const env = await createPlaybookTestEnvironment({
    scenario: 'evil-sticky-notes',
    log: () => undefined,
    ...options,
  });
  try {
    await act?.(env);
    const { receipt } = await (await env.contain(request)).outcome();
    assert.ok(receipt);
    assert.deepEqual(env.simulator.unknownRoutes(), []);
    assert.ok(given === undefined || given(env.simulator.journal(), answer), `${answer} was never answered`);
    await assertEffects(env, receipt);
    return receipt;
  } finally {
    await env.close();
  }
}

/** Whatever the answer: nothing twice, no look-alike touched, no session of ours left, and the receipt says what is so. */
async function assertEffects(env: PlaybookTestEnvironment, receipt: Receipt): Promise<void> {
  const ledger = await env.simulator.ledger();
  const context = `${JSON.stringify(receipt, null, 1)}\n${ledger.map((e) => JSON.stringify(e)).join('\n')}`;
  const of = (effect: string) => ledger.filter((entry) => entry.effect === effect && entry.by !== 'analyst');
  assert.equal(of('wish-set').length, 1, context);
  assert.equal(of('wish-set')[0]?.sensorId, 1, context);
  const killed = of('killed').map(({ pid }) => pid);
  const reported = receipt.processes.filter(({ outcome }) => outcome === 'killed').map(({ pid }) => pid);
  assert.deepEqual(killed, reported, context);
  assert.ok(of('banned').length <= 1, context);
  const { sessions } = await env.simulator.state();
  const ours = sessions.filter((s) => s.openedBy !== 'analyst' && ['pending', 'active'].includes(s.status));
  assert.deepEqual(ours, [], context);
  const done = ['wish-set', 'isolated', 'killed', 'kill-failed', 'process-list'];
  assert.ok(!ledger.some(({ sensorId, effect }) => sensorId === 2 && done.includes(effect)), context);
}

function assertContained(receipt: Receipt): void {
  const context = JSON.stringify(receipt, null, 1);
  assert.equal(receipt.verdict, 'contained', context);
  assert.deepEqual(
    receipt.processes.map(({ pid, outcome }) => [pid, outcome]),
    [
      [2212, 'killed'],
      [3048, 'killed'],
    ],
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
  for (const { id, name, default: normal, alternatives } of TABLE_16) {
    if (elsewhere.includes(name)) continue;
    const setUp = setUps[name];
    const answers = setUp === undefined ? alternatives : [normal, ...alternatives];
    for (const answer of answers) {
      const verdict = hopeless[answer] ?? setUp?.verdict ?? 'contained';
      it(`${id}, ${name}: with ${answer} it is ${verdict}.`, async () => {
        const knobs = { ...setUp?.knobs, [name]: answer };
        const receipt = await containOn({ knobs }, setUp ?? {}, answer);
        if (verdict === 'contained') assertContained(receipt);
        else assert.equal(receipt.verdict, verdict, JSON.stringify(receipt, null, 1));
      });
    }
  }
});
