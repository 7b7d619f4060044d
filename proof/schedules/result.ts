import { describeSchedule, describeSeen } from './describe.js';
import { INVARIANTS } from './invariants/index.js';
import type { Stage } from './schedule.js';
import type { Seen } from './seen.js';

/** What is kept of one schedule: plain JSON, for it comes from another process. */
export interface Result {
  n: number;
  stage: Stage;
  violations: { letter: string; what: string }[];
  /** A readable account of a schedule that violated something. */
  dump: string | null;
  counts: Record<string, number>;
  /** What each invariant had to look at, by its letter. */
  looked: Record<string, number>;
  struck: Record<string, number>;
  deeds: Record<string, number>;
  verdicts: Record<string, number>;
  requests: number;
  /** Longest time of a run from start to end, ms on Temporal's clock. */
  longestMs: number;
  /** Of these after everything was lifted. */
  longestAfterLiftMs: number;
}

export function resultOf(seen: Seen): Result {
  const { schedule, runs, deeds, struck, journal, liftedAt } = seen;
  const counts: Record<string, number> = {};
  const looked: Record<string, number> = {};
  const violations: Result['violations'] = [];
  for (const { letter, findings } of INVARIANTS.map((i) => ({ letter: i.letter, findings: i.check(seen) }))) {
    violations.push(...findings.violations.map((what) => ({ letter, what })));
    looked[letter] = findings.looked;
    for (const [what, n] of Object.entries(findings.counts)) counts[what] = (counts[what] ?? 0) + n;
  }
  const ends = runs.flatMap(({ endedAt, startedAt }) => (endedAt === null ? [] : [{ endedAt, startedAt }]));
  return {
    n: schedule.seed,
    stage: schedule.stage,
    violations,
    dump: violations.length === 0 ? null : `${describeSchedule(schedule)}\n${describeSeen(seen)}`,
    counts,
    looked,
    struck,
    deeds: countedBy(deeds.map(({ what, code }) => (code === null ? what : `${what}: ${code}`))),
    verdicts: countedBy(runs.map(({ closed, receipt }) => receipt?.verdict ?? closed ?? 'has not ended')),
    requests: journal.length,
    longestMs: Math.max(0, ...ends.map(({ endedAt, startedAt }) => endedAt - startedAt)),
    longestAfterLiftMs: Math.max(0, ...ends.map(({ endedAt }) => endedAt - liftedAt)),
  };
}

/** How often each of these words is there. */
export function countedBy(words: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const word of words) counted[word] = (counted[word] ?? 0) + 1;
  return counted;
}

export function addUp(all: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [word, n] of all.flatMap((counts) => Object.entries(counts))) sum[word] = (sum[word] ?? 0) + n;
  return Object.fromEntries(Object.entries(sum).sort(([a], [b]) => a.localeCompare(b)));
}
