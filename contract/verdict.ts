/** How a containment ended. Order: the worst first; the worst that holds is the verdict. */
export const VERDICTS = [
  'rollback-incomplete',
  'rolled-back',
  'not-contained',
  'isolation-pending',
  'contained-partly',
  'contained',
  'planned',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Facts about the host that keep a run from being `contained`. */
export const GAPS = [
  'process-alive',
  'nothing-matched',
  'hash-unknown',
  'ban-refused',
  'not-enumerated',
  'isolation-lost',
] as const;
export type Gap = (typeof GAPS)[number];

/** Exit codes of `contain` and `receipt` that are no verdict. */
export const EXIT = {
  done: 0,
  anythingElse: 1,
  badInput: 2,
  notReachable: 3,
  noSuchRun: 4,
  stillHeld: 10,
  undoIncomplete: 14,
  stillRunning: 15,
  refused: 16,
  detached: 130,
} as const;

const VERDICT_EXIT: Record<Verdict, number> = {
  'rollback-incomplete': 14,
  'rolled-back': 13,
  'not-contained': 12,
  'isolation-pending': 11,
  'contained-partly': 10,
  contained: 0,
  planned: 0,
};

/** The exit code of a receipt: its verdict's, and 16 where a guard rail or a person refused (`not-contained` only). */
export function exitCodeOf(receipt: { verdict: Verdict; problems: readonly { type: string }[] }): number {
  if (receipt.verdict === 'not-contained' && receipt.problems.some((p) => REFUSALS.has(p.type))) {
    return EXIT.refused;
  }
  return VERDICT_EXIT[receipt.verdict];
}

/** Problem types that mean: a guard rail or a person said no. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ProtectedProcess',
  'ProtectedHash',
  'ProtectedHost',
  'Paused',
  'LimitReached',
  'Denied',
  'NotApproved',
]);
