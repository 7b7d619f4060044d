import type { Round } from './round.js';

export interface Sums {
  runs: number;
  aMinute: number;
  /** CPU, ms a run. */
  cpuMs: Round['cpuMs'];
  threads: Round['threads'];
}

/** All rounds of one kind together. */
export function sumsOf(all: readonly Round[], what: Round['what']): Sums {
  const rounds = all.filter((round) => round.what === what);
  const runs = total(rounds.map((round) => round.runs));
  return {
    runs,
    aMinute: (60 * runs) / total(rounds.map(({ seconds }) => seconds)),
    cpuMs: meanOf(
      rounds.map(({ cpuMs }) => cpuMs),
      runs,
    ),
    threads: meanOf(
      rounds.map(({ threads }) => threads),
      runs,
    ),
  };
}

/**
 * Growth of the worker's resident memory a run over the second half of the containments, KB (1,000 bytes), least squares:
 * what it takes until its heap and its cache are warm is no leak.
 */
export function growthKB(rounds: readonly Pick<Round, 'what' | 'runs' | 'workerMiB'>[]): number {
  let runs = 0;
  const all = rounds
    .filter(({ what }) => what === 'playbook')
    .map((round) => ({ runs: (runs += round.runs), mib: round.workerMiB }));
  const half = all.slice(Math.floor((all.length - 1) / 2));
  const x = total(half.map((sample) => sample.runs)) / half.length;
  const y = total(half.map((sample) => sample.mib)) / half.length;
  const up = total(half.map((sample) => (sample.runs - x) * (sample.mib - y)));
  return (up / total(half.map((sample) => (sample.runs - x) ** 2))) * (2 ** 20 / 1_000);
}

function meanOf<T extends object>(sums: readonly T[], runs: number): T {
  const keys = Object.keys(sums[0] ?? {}) as (keyof T)[];
  return Object.fromEntries(
    keys.map((key) => [key, total(sums.map((sum) => sum[key] as number)) / runs]),
  ) as T;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0);
}
