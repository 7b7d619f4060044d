import { appendFileSync, existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import type { Played } from './lanes.js';

/** What results of different sittings have in common. */
export interface Same {
  commit: string | null;
  seed: number;
  /** How many schedules. */
  n: number;
}

/** A line of the journal; `commit`: where it is not that of its head. */
type Line = Played & { commit?: string | null };

/** What was played so far, a line for each group of schedules, so that thousands can be played in several sittings. */
export class Journal {
  private readonly groups: ReadonlySet<string>;

  private constructor(
    private readonly file: string,
    private readonly same: Same,
    /** Those of earlier sittings. */
    readonly before: readonly Played[],
  ) {
    this.groups = new Set(before.map(({ order }) => order.seeds.join()));
  }

  /**
   * @param also commits whose results count here, too: what they found wrong is played again
   * @throws Error where the file is of another commit, another seed or another number: its results are not of this code.
   */
  static open(file: string, same: Same, also: readonly string[] = []): Journal {
    const [first, ...lines] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (first === undefined) appendFileSync(file, `${JSON.stringify(same)}\n`);
    const head = first === undefined ? same : (JSON.parse(first) as Same);
    const counts = (commit: string | null): boolean =>
      commit === same.commit || (commit !== null && also.includes(commit));
    if (head.seed !== same.seed || head.n !== same.n || !counts(head.commit))
      throw new Error(
        `${file} is of ${first ?? ''}, and this is ${JSON.stringify(same)}: give --resume another file.`,
      );
    // The last line may be half written: it goes, and what it told is played again.
    const torn = lines.at(-1) ?? '';
    if (torn !== '') truncateSync(file, statSync(file).size - Buffer.byteLength(torn));
    const whole = lines.slice(0, -1).map((line) => JSON.parse(line) as Line);
    // Of a group that was played once more the last word counts.
    const latest = new Map(whole.map((line) => [line.order.seeds.join(), line]));
    const before = [...latest.values()].map((line) => ({ ...line, commit: line.commit ?? head.commit }));
    const good = before.filter(
      (line) => line.commit === same.commit || (counts(line.commit) && !foundSomething(line)),
    );
    return new Journal(file, same, good);
  }

  add(played: Played): void {
    const line: Line = { ...played, commit: this.same.commit };
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }

  has(seeds: readonly number[]): boolean {
    return this.groups.has(seeds.join());
  }
}

/** A schedule that the server could not be tried on is none of the code's. */
function foundSomething({ results, stoodStill, untried }: Played): boolean {
  return (
    (stoodStill !== undefined && untried !== true) || results.some(({ violations }) => violations.length > 0)
  );
}
