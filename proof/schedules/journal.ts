import { appendFileSync, existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import type { Played } from './lanes.js';

/** What results of different sittings must have in common. */
export interface Same {
  commit: string | null;
  seed: number;
  /** How many schedules. */
  n: number;
}

/** What was played so far, a line for each group of schedules, so that thousands can be played in several sittings. */
export class Journal {
  private readonly groups: ReadonlySet<string>;

  private constructor(
    private readonly file: string,
    /** Those of earlier sittings. */
    readonly before: readonly Played[],
  ) {
    this.groups = new Set(before.map(({ order }) => order.seeds.join()));
  }

  /** @throws Error where the file is of another commit or another seed: its results are not of this code. */
  static open(file: string, same: Same): Journal {
    const [first, ...lines] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    const head = JSON.stringify(same);
    if (first === undefined) appendFileSync(file, `${head}\n`);
    else if (first !== head)
      throw new Error(`${file} is of ${first}, and this is ${head}: give --resume another file.`);
    // The last line may be half written: it goes, and what it told is played again.
    const torn = lines.at(-1) ?? '';
    if (torn !== '') truncateSync(file, statSync(file).size - Buffer.byteLength(torn));
    const whole = lines.slice(0, -1).map((line) => JSON.parse(line) as Played);
    // Of a group that was played once more, alone, the last word counts.
    return new Journal(file, [...new Map(whole.map((one) => [one.order.seeds.join(), one])).values()]);
  }

  add(played: Played): void {
    appendFileSync(this.file, `${JSON.stringify(played)}\n`);
  }

  has(seeds: readonly number[]): boolean {
    return this.groups.has(seeds.join());
  }
}
