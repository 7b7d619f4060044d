import type { JournalEntry } from '../../simulator/index.js';
import { containmentId, leaseId } from '../../contract/index.js';
import { type SessionUse, sessionUse } from '../load/sessions.js';
import { bareRound, playbookRound, type Round } from './round.js';
import { bareInput, type BareInput, leftBehind } from './shape.js';
import { openThroughputStage } from './stage.js';
import type { Living } from './sums.js';

/** Containments that are not counted: a worker that has just started compiles as it goes. */
const WARM_UPS = 20;

export interface Throughput {
  /** One containment and its lease. */
  containment: { events: number; activities: number; bytes: number };
  bare: { input: BareInput; left: Throughput['containment'] };
  rounds: Round[];
  /** From the middle to the end, what a heap and a cache take until they are warm not counted. */
  living: Living[];
  sessions: SessionUse;
  /** HTTP requests a containment, and of these the ones that repeat a GET of the same run. */
  requests: { all: number; polls: number };
}

/** Rounds of containments and of the bare workflow in turns, both workers on one server. */
export async function measureThroughput(o: {
  rounds: number;
  aRound: number;
  bareARound: number;
  log: (line: string) => void;
}): Promise<Throughput> {
  const stage = await openThroughputStage(WARM_UPS + o.rounds * o.aRound);
  try {
    const warmUps = stage.hostnames.slice(0, WARM_UPS);
    await playbookRound(stage, warmUps);
    const containment = await leftBehind(stage.client, [
      containmentId({ hostname: warmUps[0]! }),
      leaseId(1),
    ]);
    const input = bareInput(containment);
    await bareRound(stage, WARM_UPS, input);
    const left = await leftBehind(stage.client, ['bare/0']);
    const from = Date.now();
    const rounds: Round[] = [];
    const living: Living[] = [];
    const looksAfter = looksOf(o.rounds);
    for (let n = 0; n < o.rounds; n += 1) {
      const first = WARM_UPS + n * o.aRound;
      const playbook = (): Promise<Round> =>
        playbookRound(stage, stage.hostnames.slice(first, first + o.aRound));
      const bare = (): Promise<Round> => bareRound(stage, o.bareARound, input);
      for (const turn of n % 2 === 0 ? [playbook, bare] : [bare, playbook]) {
        rounds.push(await turn());
        o.log(inWords(rounds.at(-1)!));
      }
      if (looksAfter.has(n + 1)) {
        living.push({ runs: WARM_UPS + (n + 1) * o.aRound, bytes: await stage.liveBytes() });
        o.log(
          `${living.at(-1)!.runs} runs: ${(living.at(-1)!.bytes / 1e6).toFixed(1)} MB live in the worker`,
        );
      }
    }
    const journal = (await stage.simulator.journal()).filter(({ at }) => at >= from);
    const ledger = (await stage.simulator.ledger()).filter(({ at }) => at >= from);
    return {
      containment,
      bare: { input, left },
      rounds,
      living,
      sessions: sessionUse(ledger),
      requests: requestsOf(journal, o.rounds * o.aRound),
    };
  } finally {
    await stage.close();
  }
}

/** After half of the rounds, three quarters, and all. */
function looksOf(rounds: number): ReadonlySet<number> {
  return new Set([0.5, 0.75, 1].map((part) => Math.ceil(part * rounds)));
}

function inWords({ what, runs, seconds, cpuMs, workerMiB }: Round): string {
  const aRun = Object.entries(cpuMs).map(([who, ms]) => `${who} ${Math.round(ms / runs)}`);
  return `${what}: ${runs} runs, ${Math.round((60 * runs) / seconds)} a minute; CPU ms a run: ${aRun.join(', ')}; worker ${workerMiB} MiB`;
}

/** A GET whose path was asked before is a poll: the paths of hosts, sessions and hashes are of one run each. */
function requestsOf(journal: readonly JournalEntry[], runs: number): Throughput['requests'] {
  const seen = new Set<string>();
  let polls = 0;
  for (const { method, path, query } of journal) {
    const key = `${path}?${JSON.stringify(query)}`;
    if (method === 'GET' && seen.has(key)) polls += 1;
    seen.add(key);
  }
  return { all: journal.length / runs, polls: polls / runs };
}
