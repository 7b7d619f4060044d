import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FailurePolicy, Verdict } from '../../contract/index.js';
import { assertVerdict, REFUSED, type RequestName, runWith } from './support/fault-table.js';
import { fleet } from './support/hosts.js';
import { withEnvironment } from './support/with-environment.js';

interface Row {
  request: RequestName;
  answer: keyof typeof REFUSED;
  /** Verdict under auto, release, keep; a single one where the policy is not asked. */
  verdicts: Verdict | [Verdict, Verdict, Verdict];
  gaps?: string[];
  /** The server lets nobody close the session: the receipt says so. */
  leavesSession?: true;
  /** So often it is asked for in all. */
  asked?: number;
  /** The step's deadline in minutes: so long a server in trouble is asked again. */
  minutes?: number;
}

const NOT: Verdict = 'not-contained';
const BACK: Verdict = 'rolled-back';
const PARTLY: Verdict = 'contained-partly';

/** A step's failures of one kind are alike to the policy: one answer of each step goes through all three. */
const ALL_POLICIES: Partial<Record<RequestName, Row['answer']>> = {
  'open a session': '502',
  'list processes': '403',
  kill: '403',
  ban: '401',
};

/** The verdict table of design.md: what was refused, how, and what the failure policy makes of it. */
const TABLE: Row[] = [
  { request: 'find the sensor', answer: '401', verdicts: NOT },
  { request: 'find the sensor', answer: '405', verdicts: NOT },
  { request: 'find the sensor', answer: '502', verdicts: NOT, minutes: 5 },
  { request: 'server info', answer: '401', verdicts: NOT },
  { request: 'server info', answer: '502', verdicts: NOT, minutes: 5 },
  { request: 'write the wish', answer: '405', verdicts: NOT },
  { request: 'write the wish', answer: '403', verdicts: NOT },
  { request: 'write the wish', answer: '400', verdicts: NOT },
  // Whether it had been written at all nobody can read.
  { request: 'read the wish', answer: '401', verdicts: 'rollback-incomplete' },
  { request: 'list of sessions', answer: '401', verdicts: NOT },
  { request: 'list of sessions', answer: '412', verdicts: NOT, asked: 1 },
  { request: 'read a command', answer: '401', verdicts: [BACK, BACK, PARTLY], gaps: ['not-enumerated'] },
  // The hash is of the file itself then.
  { request: 'search processes', answer: '403', verdicts: 'contained' },
  { request: 'read the ban', answer: '401', verdicts: [BACK, BACK, PARTLY], gaps: ['ban-refused'] },
  { request: 'close the session', answer: '403', verdicts: 'contained', leavesSession: true },
  { request: 'open a session', answer: '401', verdicts: [BACK, BACK, PARTLY], gaps: ['not-enumerated'] },
  { request: 'open a session', answer: '405', verdicts: [BACK, BACK, PARTLY], gaps: ['not-enumerated'] },
  {
    request: 'open a session',
    answer: '412',
    verdicts: [BACK, BACK, PARTLY],
    gaps: ['not-enumerated'],
    asked: 1,
  },
  {
    request: 'open a session',
    answer: '502',
    verdicts: [BACK, BACK, PARTLY],
    gaps: ['not-enumerated'],
    minutes: 3,
  },
  { request: 'list processes', answer: '403', verdicts: [BACK, BACK, PARTLY], gaps: ['not-enumerated'] },
  {
    request: 'list processes',
    answer: '412',
    verdicts: [BACK, BACK, PARTLY],
    gaps: ['not-enumerated'],
    asked: 1,
  },
  {
    request: 'list processes',
    answer: '500',
    verdicts: [BACK, BACK, PARTLY],
    gaps: ['not-enumerated'],
    minutes: 3,
  },
  // A list has shown a live process: nobody wants it back on the network.
  { request: 'kill', answer: '403', verdicts: [PARTLY, BACK, PARTLY], gaps: ['process-alive'] },
  { request: 'kill', answer: '401', verdicts: [PARTLY, BACK, PARTLY], gaps: ['process-alive'] },
  { request: 'kill', answer: '412', verdicts: [PARTLY, BACK, PARTLY], gaps: ['process-alive'], asked: 1 },
  { request: 'kill', answer: '500', verdicts: [PARTLY, BACK, PARTLY], gaps: ['process-alive'], minutes: 3 },
  // Nothing is banned blindly, and nothing is undone for it.
  { request: 'look at the file', answer: '403', verdicts: PARTLY, gaps: ['ban-refused'] },
  {
    request: 'look at the file',
    answer: '502',
    verdicts: [BACK, BACK, PARTLY],
    gaps: ['ban-refused'],
    minutes: 15,
  },
  // The server's no to a ban is a fact, not a failure.
  { request: 'ban', answer: '403', verdicts: PARTLY, gaps: ['ban-refused'] },
  { request: 'ban', answer: '405', verdicts: PARTLY, gaps: ['ban-refused'] },
  { request: 'ban', answer: '400', verdicts: PARTLY, gaps: ['ban-refused'] },
  { request: 'ban', answer: '401', verdicts: [BACK, BACK, PARTLY], gaps: ['ban-refused'] },
  { request: 'ban', answer: '502', verdicts: [BACK, BACK, PARTLY], gaps: ['ban-refused'], minutes: 15 },
];

/** So many steps ask for one thing at most, each once; what is tried again is asked for dozens of times. */
const ASKING = 4;
const MINUTE = 60_000;
/** Between two tries: a last one that would come after the deadline is not made. */
const LONGEST_PAUSE_MS = 30_000;
/** No later try can be answered otherwise. */
const AT_ONCE: ReadonlySet<Row['answer']> = new Set(['400', '401', '403', '405', '412']);

const POLICIES: FailurePolicy[] = ['auto', 'release', 'keep'];
const CASES = TABLE.flatMap((row) =>
  Array.isArray(row.verdicts)
    ? POLICIES.slice(0, ALL_POLICIES[row.request] === row.answer ? 3 : 1).map((policy, i) => ({
        ...row,
        policy,
        verdict: row.verdicts[i] as Verdict,
      }))
    : [{ ...row, policy: 'auto' as const, verdict: row.verdicts }],
);

const env = withEnvironment({ scenario: fleet(CASES.length), checkinSeconds: 5 });

describe('A step that cannot be carried out', () => {
  for (const [
    i,
    { request, answer, policy, verdict, gaps, leavesSession, asked, minutes },
  ] of CASES.entries()) {
    it(`"${request}" answered ${answer} under ${policy}: ${verdict}`, async () => {
      const run = await runWith(env(), { n: i + 1, policy, faults: [{ request, kind: REFUSED[answer] }] });
      assertVerdict(run, verdict);
      if (AT_ONCE.has(answer))
        assert.ok(Math.max(...run.hits) <= ASKING, `${answer} is tried again: ${run.hits.join()}`);
      if (asked !== undefined) assert.deepEqual(run.hits, [asked]);
      if (minutes !== undefined) {
        const off = run.askedForMs - minutes * MINUTE;
        assert.ok(Math.abs(off) <= LONGEST_PAUSE_MS, `${minutes} minutes and ${off} ms`);
      }
      const open = run.receipt.sessions.filter(({ ours, closed }) => ours && !closed).map(({ id }) => id);
      assert.deepEqual(run.left.openSessions, open, 'told of');
      assert.equal(open.length, leavesSession ? 1 : 0);
      if (verdict === PARTLY && gaps)
        for (const gap of gaps) assert.ok(run.receipt.gaps.includes(gap as never), gap);
      if ((verdict !== PARTLY && verdict !== 'contained') || policy === 'keep')
        assert.ok(run.receipt.problems.length > 0, 'it says why');
    });
  }
});
