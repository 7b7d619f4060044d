/**
 * Longest that a run may have stood at its point when its worker is killed, ms. A task that gets no word is given up after
 * ten seconds (heartbeat and `progressRead` of the product, workflow task of Temporal), reckoned from its start or its
 * last heartbeat a second or so before the run stood: then the run has moved past its point.
 */
export const STANDS_MS = 8_000;

/** Why a kill was none at its point. */
export type Missed = 'not there' | 'ended before' | 'stood too long';

/** Why the worker did not die with this run at its point, `null` where it did. Times in epoch ms. */
export function missedBy(o: {
  /** When it stood at its point; `null` where it never did. */
  arrivedAt: number | null;
  killedAt: number;
  /** When it ended, by Temporal, whose clock is this process's; `null` where it did not. */
  endedAt: number | null;
}): Missed | null {
  if (o.arrivedAt === null) return 'not there';
  if (o.endedAt !== null && o.endedAt <= o.killedAt) return 'ended before';
  return o.killedAt - o.arrivedAt > STANDS_MS ? 'stood too long' : null;
}
