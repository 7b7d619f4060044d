import {
  type JournalEntry,
  type Knobs,
  type Simulator,
  syntheticFile,
  TABLE_16,
} from '../../simulator/index.js';
import type { Receipt } from '../../contract/index.js';

/** What runs on each case's host. */
export const PIDS = [2400, 3048];
interface SetUp {
  knobs?: Partial<Knobs>;
  act?: (simulator: Simulator, sensorId: number, analystsHost: number) => Promise<unknown>;
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
    act: ({ act }, _, analystsHost) => act.openSessionAs(analystsHost, 'analyst'),
    given: refused('POST /api/v1/cblr/session'),
  },
  // A ban that was there once, and was lifted.
  banPost: {
    act: async ({ act }, sensorId) => {
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

export interface Case extends SetUp {
  title: string;
  answer: string;
  knobs: Partial<Knobs>;
  verdict: Receipt['verdict'];
}

export const CASES: readonly Case[] = TABLE_16.filter(({ name }) => !elsewhere.includes(name)).flatMap(
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
