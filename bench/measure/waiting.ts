import type { Effect, JournalEntry, LedgerEntry } from '../../simulator/index.js';
import { AFTER_KILLS_MS } from '../../activities/kill/rounds.js';
import { timeOf } from './observe.js';

/** Effects that end a Live Response command. */
const COMMAND_ENDS: ReadonlySet<Effect> = new Set([
  'process-list',
  'killed',
  'kill-failed',
  'directory-list',
  'file-read',
]);

/**
 * How long one run had something pending at the host, ms: a session until the check-in that brings it, a command until
 * it is done, and the second after the last kill in which the host is watched for respawns. Overlaps count once. Nothing else is waiting: neither the way of a request, nor a poll that comes late, nor
 * the time between the wish and the session.
 */
export function waitedMs(ledger: readonly LedgerEntry[], journal: readonly JournalEntry[]): number {
  const spans: [number, number][] = [[timeOf(ledger, 'session-opened'), timeOf(ledger, 'session-active')]];
  const lastKill = Math.max(...ledger.filter((e) => e.effect === 'killed').map((e) => e.at));
  spans.push([lastKill, lastKill + AFTER_KILLS_MS]);
  for (const { effect, at, requestN } of ledger) {
    const request = requestN === undefined ? undefined : journal[requestN - 1];
    if (COMMAND_ENDS.has(effect) && request !== undefined) spans.push([request.at, at]);
  }
  return lengthOfUnion(spans);
}

export function lengthOfUnion(spans: readonly [number, number][]): number {
  let length = 0;
  let covered = -Infinity;
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    length += Math.max(0, to - Math.max(from, covered));
    covered = Math.max(covered, to);
  }
  return length;
}
