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

/** What lives in the worker's heaps after so many runs, all of which, and their leases, have ended. */
export interface Living {
  runs: number;
  bytes: number;
}

/** Growth a run from the first look to the last, KB (1,000 bytes). */
export function growthKB(looks: readonly Living[]): number {
  const [first, last] = [looks.at(0), looks.at(-1)];
  if (first === undefined || last === undefined || first.runs === last.runs) return 0;
  return (last.bytes - first.bytes) / (last.runs - first.runs) / 1_000;
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
