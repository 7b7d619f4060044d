export type Contestant = 'script' | 'playbook';

/** One run: who, against which host, and how long before the host's check-in it shall begin. */
export interface Planned {
  who: Contestant;
  pair: number;
  hostname: string;
  /** Share of the interval between the command and the host's next check-in. */
  phase: number;
  lane: number;
  /** When it is expected to begin, ms after the start of all; where the host checks in follows from it. */
  startMs: number;
}

/** Expected time from a check-in to the end of everything, both contestants' polls included. */
const TAIL_MS = 2_500;
/** Between the starts of neighbouring lanes: two of a pair that were at work in one moment would slow each other down. */
const STAGGER_MS = 700;

/**
 * Pairs of runs with the same phase, script and playbook taking turns in going first, laid into lanes so that nobody
 * waits for the right moment: with a check-in of half a minute most of a run is waiting, and several wait side by side.
 */
export function schedule(
  phases: readonly number[],
  o: { intervalMs: number; lanes: number; leadMs: number },
): Planned[] {
  const free = Array.from({ length: o.lanes }, (_, lane) => o.leadMs + lane * STAGGER_MS);
  return phases.flatMap((phase, pair) => {
    const turns: Contestant[] = pair % 2 === 0 ? ['script', 'playbook'] : ['playbook', 'script'];
    return turns.map((who) => {
      const startMs = Math.min(...free);
      const lane = free.indexOf(startMs);
      free[lane] = startMs + phase * o.intervalMs + TAIL_MS;
      return { who, pair, hostname: hostnameOf(who, pair), phase, lane, startMs };
    });
  });
}

/** Same length for all, so that no name is a part of another: the script would take the wrong host. */
export function hostnameOf(who: string, n: number): string {
  return `${who.toUpperCase()}-${String(n + 1).padStart(3, '0')}`;
}
