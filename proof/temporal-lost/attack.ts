import type { Receipt } from '../../contract/index.js';

/** What every attack is told. */
export interface AttackOptions {
  seed: number;
  /** How long lines are cut, and processes stopped, ms. */
  goneMs: number;
  /** How often Temporal is killed at a moment that is drawn. */
  crashes: number;
  log: (line: string) => void;
}

/** What became of one run under an attack. */
export interface Attacked {
  /** The moment of the run at which it was struck, as the table of data names it. */
  moment: string;
  verdict: string;
  /** From the blow to the end of the run, ms. */
  endedAfterMs: number;
  /** Promises that did not hold; none is what is wanted. */
  wrong: string[];
  /** What is worth knowing beside it. */
  notes: string[];
}

export interface Attack {
  /** As `--only` takes it. */
  name: string;
  /** As the table says it. */
  attack: string;
  promise: string;
  run(o: AttackOptions): Promise<Attacked[]>;
}

export function tellOf(receipt: Receipt | null): string {
  if (receipt === null) return 'no receipt';
  return receipt.gaps.length === 0 ? receipt.verdict : `${receipt.verdict} (${receipt.gaps.join(', ')})`;
}
