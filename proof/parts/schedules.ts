import { thisMachine } from '../../bench/measure/machine.js';
import { playAlone } from '../schedules/alone.js';
import { groupOf, stageOf } from '../schedules/draw.js';
import { INVARIANTS } from '../schedules/invariants/index.js';
import { Journal } from '../schedules/journal.js';
import { type Order, type Played, playInLanes } from '../schedules/lanes.js';
import { addUp, type Result } from '../schedules/result.js';
import {
  type PartResult,
  type ProofOptions,
  type ProofPart,
  replayCommand,
  type Violation,
} from '../part.js';

const NAME = 'schedules';
const CI_SEEDS = 200;
const ALL_SEEDS = 5_000;
/** Of so many schedules each invariant finds something to look at. */
const ENOUGH_FOR_ALL = 100;
/** What each invariant counts. */
const LOOKED_AT: Record<string, string> = {
  a: 'runs that said so',
  b: 'changes of ours',
  c: 'runs and leases',
  d: 'sessions of ours',
  e: 'isolations, bans and sessions of others',
  f: 'runs',
  g: 'verbs and joins',
};
/** A crash group waits more than it works. */
const CRASH_LANES = 4;
/** Now and then one of them stands still with its server, and is waited for. */
const SKIPPED_LANES = 3;

export const schedules: ProofPart = {
  name: NAME,
  about: 'seeded worlds, faults, crashes and operators',
  inCi: true,
  run,
};

async function run(options: ProofOptions): Promise<PartResult> {
  const { seed: base, n, ci, only, resume } = options;
  const log = (line: string): void => options.log(line);
  const seeds =
    only === null
      ? Array.from({ length: n ?? (ci ? CI_SEEDS : ALL_SEEDS) }, (_, i) => i + 1)
      : groupOf(Number(only));
  const same = { commit: thisMachine().commit, seed: base, n: seeds.length };
  const journal = resume === null ? null : Journal.open(resume.file, same, resume.also);
  const orders = ordersOf(base, seeds);
  const before = journal?.before ?? [];
  const done = new Set(before.flatMap(({ order }) => order.seeds));
  if (done.size > 0) log(`${done.size} were played before`);
  const onPlayed = ({ order, results, again, stoodStill, untried }: Played): void => {
    journal?.add({ order, results, again, stoodStill, untried });
    for (const which of order.seeds) done.add(which);
    for (const { n: which, violations } of results)
      for (const { letter, what } of violations) log(`seed ${which} (${letter}): ${what}`);
    if (again !== null) log(`seed ${order.seeds.join(', ')}: played again (${again})`);
    if (stoodStill !== undefined) log(`seed ${order.seeds.join(', ')}: stood still (${stoodStill})`);
    if (done.size % 50 < order.seeds.length) log(`${done.size} of ${seeds.length} schedules`);
  };
  const of = (stage: string): Order[] =>
    orders.filter((o) => stageOf(o.seeds[0] ?? 1) === stage && journal?.has(o.seeds) !== true);
  const now = await playInLanes(
    [
      { orders: of('skipped'), lanes: SKIPPED_LANES },
      { orders: of('crash'), lanes: CRASH_LANES },
    ],
    onPlayed,
  );
  const instead = async (played: Played[]): Promise<Played[]> =>
    only === null ? await playInstead(played, { base, after: seeds.length }, onPlayed) : played;
  const all = await instead([...before, ...now]);
  return summaryOf(options, await instead(await playAlone(all, onPlayed)));
}

/** As many seeds more as the server made impossible to try; of those, too, some may be. */
async function playInstead(
  played: readonly Played[],
  { base, after }: { base: number; after: number },
  onPlayed: (one: Played) => void,
): Promise<Played[]> {
  const all = [...played];
  const ofThese = (one: Played): number => one.order.seeds[0] ?? 0;
  const missing = (): number =>
    all.filter((one) => one.untried === true).length - all.filter((one) => ofThese(one) > after).length;
  let next = Math.max(after, ...all.map(ofThese)) + 1;
  while (missing() > 0 && next < 2 * after) {
    const orders: Order[] = [];
    for (; orders.length < missing() && next < 2 * after; next += 1)
      if (stageOf(next) === 'skipped') orders.push({ base, seeds: [next] });
    all.push(...(await playInLanes([{ orders, lanes: SKIPPED_LANES }], onPlayed)));
  }
  return all;
}

function ordersOf(base: number, seeds: readonly number[]): Order[] {
  const groups = new Map(seeds.map((n) => [groupOf(n).join(), groupOf(n).filter((m) => seeds.includes(m))]));
  return [...groups.values()].map((group) => ({ base, seeds: group }));
}

function summaryOf(options: ProofOptions, played: readonly Played[]): PartResult {
  const results = played.flatMap((one) => one.results);
  const again = played.filter((one) => one.again !== null);
  const untried = played.filter((one) => one.untried === true);
  const still = played.filter((one) => one.stoodStill !== undefined && one.untried !== true);
  const violations: Violation[] = results.flatMap(({ n, violations: found, dump }) =>
    found.length === 0
      ? []
      : [
          {
            what: `${found.map(({ letter, what }) => `(${letter}) ${what}`).join('\n')}\n${dump ?? ''}`,
            replay: replayCommand(NAME, options, String(n)),
          },
        ],
  );
  for (const { order, stoodStill } of still) {
    const what = `Seed ${order.seeds.join(', ')} stood still each time, on several servers, in the end with nothing beside it: ${stoodStill ?? ''}`;
    violations.push({ what, replay: replayCommand(NAME, options, String(order.seeds[0])) });
  }
  const seeds = played.flatMap(({ order }) => order.seeds).length;
  const tried = seeds - untried.flatMap(({ order }) => order.seeds).length;
  const ended = played.filter((one) => one.stoodStill === undefined).flatMap(({ order }) => order.seeds);
  const looked = addUp(results.map((r) => r.looked));
  const rowOf = (letter: string, promise: string): PartResult['rows'][number] => {
    const broken = new Set(
      results.filter((r) => r.violations.some((v) => v.letter === letter)).map(({ n }) => n),
    );
    // Of so many schedules some put each promise to the test.
    const isVacuous = tried >= ENOUGH_FOR_ALL && !looked[letter];
    return {
      attack: `fault schedules (${letter})`,
      promise,
      tried,
      held: isVacuous ? 0 : ended.filter((seed) => !broken.has(seed)).length,
      measured: `${(looked[letter] ?? 0).toLocaleString('en-US')} ${LOOKED_AT[letter] ?? 'looked at'}`,
    };
  };
  const stages = ['skipped', 'crash'].map((stage) => stageData(stage, results));
  const struck = addUp(results.map((r) => r.struck));
  const rows = INVARIANTS.map(({ letter, promise }) => rowOf(letter, promise));
  const [first] = rows;
  if (first !== undefined)
    first.measured +=
      `; ${sumOf(struck)} faults struck; ${again.length} schedules played again because nothing moved, ` +
      `${untried.length} not to be tried: the time-skipping server forgot an activity, or stopped` +
      ofCommits(played);
  return {
    rows,
    violations,
    data: {
      seeds,
      tried,
      stages,
      struck,
      deeds: addUp(results.map((r) => r.deeds)),
      verdicts: addUp(results.map((r) => r.verdicts)),
      counted: addUp(results.map((r) => r.counts)),
      requests: results.reduce((sum, r) => sum + r.requests, 0),
      looked,
      untried: untried.flatMap(({ order }) => order.seeds),
      playedAgain: again.map(({ order, again: why }) => ({ seeds: order.seeds, why })),
    },
  };
}

/** Where some were played with the code of a commit before this one. */
function ofCommits(played: readonly Played[]): string {
  const here = thisMachine().commit;
  const by: Record<string, number> = {};
  for (const { order, commit } of played)
    by[commit ?? here ?? '?'] = (by[commit ?? here ?? '?'] ?? 0) + order.seeds.length;
  if (Object.keys(by).length < 2) return '';
  const words = Object.entries(by).map(([commit, n]) => `${n.toLocaleString('en-US')} at ${commit}`);
  return `; played ${words.join(', ')}`;
}

function stageData(stage: string, results: readonly Result[]): Record<string, unknown> {
  const of = results.filter((r) => r.stage === stage);
  return {
    stage,
    schedules: of.length,
    verdicts: addUp(of.map((r) => r.verdicts)),
    longestRunSeconds: Math.round(Math.max(0, ...of.map((r) => r.longestMs)) / 1_000),
    longestAfterLiftSeconds: Math.round(Math.max(0, ...of.map((r) => r.longestAfterLiftMs)) / 1_000),
  };
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}
