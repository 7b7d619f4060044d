import type { LedgerEntry } from '../../simulator/index.js';
import { round } from '../../bench/measure/statistics.js';

/** How Live Response sessions were used, by the simulator's ledger. */
export interface SessionUse {
  opened: number;
  closed: number;
  /** Ended by the server's patience and not by whoever opened them. */
  timedOut: number;
  /** Neither closed nor timed out when all was over. */
  leftOpen: number;
  /** Most that stood at one moment, pending ones included. */
  mostAtOnce: number;
  /** Mean time from opening to the check-in that brings it, s. */
  pendingS: number;
  /** Mean time from there to its end, s. */
  activeS: number;
}

const ENDS: ReadonlySet<LedgerEntry['effect']> = new Set(['session-closed', 'session-timeout']);

/** @param ledger in order of its time. */
export function sessionUse(ledger: readonly LedgerEntry[]): SessionUse {
  const open = new Map<number, { openedAt: number; activeAt: number | null }>();
  const counts = { opened: 0, closed: 0, timedOut: 0, mostAtOnce: 0 };
  const pending: number[] = [];
  const active: number[] = [];
  for (const { effect, sessionId, at } of ledger) {
    if (sessionId === undefined) continue;
    const session = open.get(sessionId);
    if (effect === 'session-opened') {
      open.set(sessionId, { openedAt: at, activeAt: null });
      counts.opened += 1;
      counts.mostAtOnce = Math.max(counts.mostAtOnce, open.size);
    } else if (effect === 'session-active' && session !== undefined) {
      session.activeAt = at;
      pending.push(at - session.openedAt);
    } else if (ENDS.has(effect) && session !== undefined) {
      open.delete(sessionId);
      counts[effect === 'session-closed' ? 'closed' : 'timedOut'] += 1;
      if (session.activeAt !== null) active.push(at - session.activeAt);
    }
  }
  return { ...counts, leftOpen: open.size, pendingS: meanS(pending), activeS: meanS(active) };
}

function meanS(ms: readonly number[]): number {
  return round(ms.reduce((sum, one) => sum + one, 0) / ms.length / 1_000);
}

/** When each host's last of two kills was, s after `from`, in order: what a plot of the progress is made of. */
export function doneTimes(ledger: readonly LedgerEntry[], from: number): number[] {
  const kills = new Map<number, number[]>();
  for (const { effect, sensorId, at } of ledger) {
    if (effect === 'killed' && sensorId !== undefined)
      kills.set(sensorId, [...(kills.get(sensorId) ?? []), at]);
  }
  return [...kills.values()]
    .filter((times) => times.length === 2)
    .map((times) => round((Math.max(...times) - from) / 1_000))
    .sort((a, b) => a - b);
}
