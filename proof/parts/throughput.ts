import { type PartResult, type ProofOptions, type ProofPart, replayCommand } from '../part.js';
import { measureThroughput, type Throughput } from '../throughput/measure.js';
import { growthKB, type Sums, sumsOf } from '../throughput/sums.js';

const CONTAINMENTS = 1_000;
const ROUNDS = 10;
const BARE = 400;
/** A receipt alone is some 10 KB: what is kept of each run would be more. */
const MOST_GROWTH_KB = 50;

export const throughput: ProofPart = {
  name: 'throughput',
  about: 'containments a minute, beside a workflow that does nothing with as many activities and events',
  inCi: false,
  run,
};

async function run(o: ProofOptions): Promise<PartResult> {
  const n = o.n ?? CONTAINMENTS;
  const aRound = Math.ceil(n / ROUNDS);
  const bareARound = Math.max(1, Math.round((BARE / CONTAINMENTS) * aRound));
  const measured = await measureThroughput({ rounds: ROUNDS, aRound, bareARound, log: o.log });
  const { rounds, living } = measured;
  const playbook = sumsOf(rounds, 'playbook');
  const bare = sumsOf(rounds, 'bare');
  const wrong = rounds.flatMap((round) => round.wrong);
  const growth = growthKB(living);
  const isSteady = growth <= MOST_GROWTH_KB;
  const replay = `${replayCommand('throughput', o, 'all')} --n ${n}`;
  const where = whereItGoes(playbook, bare, measured);
  for (const line of where) o.log(line);
  const attack = `${playbook.runs} containments on one worker, 40 at once, a simulator that lets nobody wait`;
  const perThousand = Math.round(playbook.cpuMs.worker);
  const isBig = (round: { workerMiB: number }): number => round.workerMiB;
  return {
    rows: [
      {
        attack,
        promise: 'contained, and released when the lease ends',
        tried: playbook.runs + bare.runs,
        held: playbook.runs + bare.runs - wrong.length,
        measured:
          `${Math.round(playbook.aMinute)} a minute, a workflow of as many activities and events that does nothing ` +
          `${Math.round(bare.aMinute)}; worker ${perThousand} s of CPU per 1,000 runs against ${Math.round(bare.cpuMs.worker)} s. ` +
          `Where the difference goes: ${where.join('; ')}`,
      },
      {
        attack,
        promise: `what lives in the worker's memory grows by at most ${MOST_GROWTH_KB} KB a run in the second half`,
        tried: 1,
        held: isSteady ? 1 : 0,
        measured:
          `${growth.toFixed(1)} KB a run: ${living.map(({ runs, bytes }) => `${(bytes / 1e6).toFixed(1)} MB after ${runs} runs`).join(', ')}; ` +
          `resident, garbage included, ${Math.max(...rounds.filter(({ what }) => what === 'playbook').map(isBig))} MiB at most`,
      },
    ],
    violations: [
      ...wrong.map((what) => ({ what, replay })),
      ...(isSteady
        ? []
        : [{ what: `What lives in the worker grew by ${growth.toFixed(1)} KB a run.`, replay }]),
    ],
    data: { sums: { playbook, bare }, growthKB: growth, ...measured },
  };
}

/** CPU a run, side by side: what is more is what the playbook does. */
function whereItGoes(playbook: Sums, bare: Sums, { requests, sessions }: Throughput): string[] {
  const beside = (what: string, mine: number, theirs: number): string =>
    `${what}: ${Math.round(mine)} ms a run against ${Math.round(theirs)} ms`;
  return [
    beside('Temporal server', playbook.cpuMs.temporal, bare.cpuMs.temporal),
    beside('worker, activities and HTTP', playbook.threads.main, bare.threads.main),
    beside('worker, workflow tasks', playbook.threads.workflows, bare.threads.workflows),
    beside('worker, core of the SDK', playbook.threads.core, bare.threads.core),
    beside('worker, garbage collection and compiler', playbook.threads.rest, bare.threads.rest),
    beside('simulator', playbook.cpuMs.simulator, bare.cpuMs.simulator),
    `${requests.all.toFixed(1)} HTTP requests a run, ${requests.polls.toFixed(1)} of them polls`,
    `a session stands for ${(sessions.pendingS + sessions.activeS).toFixed(2)} s, so eight slots allow ` +
      `${Math.round((60 * 8) / (sessions.pendingS + sessions.activeS))} a minute`,
  ];
}
