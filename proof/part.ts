/** What the command line asks of a part. */
export interface ProofOptions {
  /** Everything drawn at random derives from it. */
  seed: number;
  /** How much of it (seeds, hosts, leases); `null`: the part's own number. */
  n: number | null;
  /** The short form that CI runs on each change. */
  ci: boolean;
  /** Replays one case by its name, as a violation printed it. */
  only: string | null;
  /** File that keeps what was tried, so that a long part can be done in several sittings; schedules only. */
  resume: { file: string; also: readonly string[] } | null;
  log: (line: string) => void;
}

/** One line of the one table: how the playbook was attacked, how often, and how often its promise held. */
export interface Row {
  attack: string;
  promise: string;
  tried: number;
  held: number;
  /** Numbers beside it, in words: recovery time, ratios; may be empty. */
  measured: string;
}

/** A promise that did not hold: what was seen, and the command that shows it again. */
export interface Violation {
  what: string;
  replay: string;
}

export interface PartResult {
  rows: Row[];
  violations: Violation[];
  /** What pages and plots are made of: plain JSON. */
  data: unknown;
}

export interface ProofPart {
  name: string;
  about: string;
  /** Whether CI runs it (in its short form, `ci`). */
  inCi: boolean;
  run: (options: ProofOptions) => Promise<PartResult>;
}

/** The command that replays one case of a part. */
export function replayCommand(part: string, o: Pick<ProofOptions, 'seed'>, only: string): string {
  return `npm run proof -- --part ${part} --seed ${o.seed} --only ${only}`;
}
