import { secretFinder } from '../../scripts/find-secret.mjs';
import type { Row } from '../part.js';

export const SURFACES = {
  error: 'library errors, inspected to the depth of 20',
  log: "lines of the worker's log at trace level, the SDK's and its core's too",
  command: 'outputs of commands, text and --json',
  run: 'runs: history as protobuf and JSON, memo, search attributes, identities',
  database: "files of Temporal's own database",
  notification: 'notifications that were posted',
  process: 'crash output, diagnostic reports, arguments, what a child inherits, metrics',
  evidence: 'files of the evidence folder',
} as const;
export type Surface = keyof typeof SURFACES;

/** Looks for all secrets of a journey in whatever it is shown, and counts by surface. */
export class Look {
  readonly found: { surface: Surface; where: string; how: string }[] = [];
  /** Of every surface: one that was never looked at must show. */
  private readonly counts = new Map(
    (Object.keys(SURFACES) as Surface[]).map((surface) => [surface, { tried: 0, leaks: 0, bytes: 0 }]),
  );
  private readonly find: ReturnType<typeof secretFinder>;

  constructor(secrets: readonly string[]) {
    this.find = secretFinder(secrets);
  }

  at(surface: Surface, where: string, given: string | Uint8Array): void {
    const count = this.counts.get(surface) ?? { tried: 0, leaks: 0, bytes: 0 };
    this.counts.set(surface, count);
    count.tried += 1;
    count.bytes += given.length;
    const found = this.find(given);
    if (found === null) return;
    count.leaks += 1;
    this.found.push({ surface, where, how: `${found.form}: …${found.around}…` });
  }

  /** Each line on its own. */
  lines(surface: Surface, where: string, text: string): void {
    for (const line of text.split('\n')) if (line !== '') this.at(surface, where, line);
  }

  rows(): Row[] {
    return [...this.counts].map(([surface, { tried, leaks, bytes }]) => ({
      attack: `Secrets: ${SURFACES[surface]}`,
      promise: 'no token, password or key, nor twelve characters of one, however encoded',
      tried,
      held: tried - leaks,
      measured: `${Math.ceil(bytes / 1_000).toLocaleString('en-US')} KB`,
    }));
  }
}

/** The counts of several journeys in one. */
export function sumRows(rows: readonly Row[]): Row[] {
  const sums = new Map<string, Row>();
  const kb = (row: Row): number => Number(row.measured.replace(/[^\d]/g, ''));
  for (const row of rows) {
    const sum = sums.get(row.attack);
    if (sum === undefined) sums.set(row.attack, { ...row });
    else {
      sum.tried += row.tried;
      sum.held += row.held;
      sum.measured = `${(kb(sum) + kb(row)).toLocaleString('en-US')} KB`;
    }
  }
  return [...sums.values()];
}
