import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compile } from '../../scripts/compile.mjs';
import { projectRoot } from '../../test/support/worker-process.js';
import { stageOf } from './draw.js';
import type { Result } from './result.js';
import type { Stage } from './schedule.js';

export interface Order {
  base: number;
  /** A group: schedules of one world. */
  seeds: number[];
}

export interface Answer {
  results: Result[];
  /** Nothing moved any more, and why it is thought so. */
  stoodStill?: string;
  /** It is the server that contradicts itself: this schedule cannot be tried on it. */
  untried?: boolean;
}

export interface Played extends Answer {
  order: Order;
  /** Why it was played a second time, on a fresh server; `null`: it was not. */
  again: string | null;
  /** Of the code that it was played with, where that is another than today's. */
  commit?: string | null;
}

/** A process that gives no answer by then, more than its own limits allow, is taken for hung. */
const LONGEST_MS: Record<Stage, number> = { skipped: 7 * 60_000, crash: 21 * 60_000 };
/** So that what one schedule leaves behind in its process does not pile up. */
const ORDERS_A_PROCESS = 40;

/** So many processes play the orders of one kind side by side. */
export interface Kind {
  orders: readonly Order[];
  lanes: number;
}

/** Plays orders in processes; each order that stood still is played once more, in a fresh process. */
export async function playInLanes(
  kinds: readonly Kind[],
  onPlayed: (played: Played) => void,
): Promise<Played[]> {
  // Compiled once: a process, and the thread of each schedule's worker, otherwise compiles on for half its life.
  const folder = join(projectRoot, '.temporal', `lanes-${process.pid}`);
  try {
    await compile({
      root: projectRoot,
      entryPoints: [{ in: 'proof/schedules/lane.ts', out: 'lane' }],
      folder,
    });
    const program = join(folder, 'lane.mjs');
    const played = await Promise.all(kinds.map((kind) => playKind(program, kind, onPlayed)));
    return played.flat();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function playKind(
  program: string,
  { orders, lanes }: Kind,
  onPlayed: (played: Played) => void,
): Promise<Played[]> {
  const queue = [...orders];
  const all: Played[] = [];
  const work = async (): Promise<void> => {
    const lane = new Lane(program);
    for (let order = queue.shift(); order; order = queue.shift()) {
      const first = await lane.play(order);
      let played: Played = { ...first, order, again: null };
      if (first.stoodStill !== undefined) {
        await lane.renew();
        const second = await lane.play(order);
        const results = [...seenBefore(first), ...second.results];
        played = { ...second, results, order, again: first.stoodStill };
      }
      all.push(played);
      onPlayed(played);
    }
    await lane.renew();
  };
  await Promise.all(Array.from({ length: Math.min(lanes, orders.length) }, work));
  return all;
}

/** True of a world that has not come to rest, too: what was wrong in the first play is not made good by a second. */
const AT_ANY_TIME: ReadonlySet<string> = new Set(['a', 'b', 'e']);

export function seenBefore({ results }: Answer): Result[] {
  return results.flatMap((result) => {
    const violations = result.violations.filter(({ letter }) => AT_ANY_TIME.has(letter));
    return violations.length === 0 ? [] : [{ ...result, violations }];
  });
}

/** Process groups: a lane's servers and workers end with it, also where this process is interrupted. */
const groups = new Set<number>();
process.on('exit', () => groups.forEach(killGroup));

function killGroup(pid: number): void {
  groups.delete(pid);
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

class Lane {
  private child: ChildProcess | null = null;
  private played = 0;

  constructor(private readonly program: string) {}

  async play(order: Order): Promise<Answer> {
    if (this.played >= ORDERS_A_PROCESS) await this.renew();
    this.played += 1;
    this.child ??= this.start();
    const { child } = this;
    const { pid } = child;
    const longest = LONGEST_MS[stageOf(order.seeds[0] ?? 1)];
    const limit = pid === undefined ? undefined : setTimeout(killGroup, longest, pid);
    return await new Promise<Answer>((resolve) => {
      const onExit = (code: number | null): void => {
        this.child = null;
        resolve({ results: [], stoodStill: `Its process ended (${code ?? 'killed'}).` });
      };
      child.once('exit', onExit);
      child.once('message', (answer) => {
        child.off('exit', onExit);
        resolve(answer as Answer);
      });
      child.send(order);
    }).finally(() => clearTimeout(limit));
  }

  private start(): ChildProcess {
    const child = fork(this.program, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--enable-source-maps', '--max-semi-space-size=64'],
      detached: true,
    });
    const { pid } = child;
    if (pid !== undefined) {
      groups.add(pid);
      child.once('exit', () => killGroup(pid));
    }
    return child;
  }

  async renew(): Promise<void> {
    const { child } = this;
    this.child = null;
    this.played = 0;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }
}
