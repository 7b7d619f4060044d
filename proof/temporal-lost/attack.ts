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
  /** How such a run ends without the blow; given where it may end worse. */
  undisturbed?: string;
  /** The run had ended before the blow: it is judged, and is none of those that were tried. */
  spared?: true;
  /** From the blow to the end of the run, ms; below 0 where it was spared. */
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
