import type { LedgerEntry } from '../../simulator/index.js';
import { COMMAND_MS } from '../stage/simulator.js';

/** One run as the simulator's ledger tells it; times in ms. */
export interface Observed {
  /** From the command to the last kill. */
  lastKillMs: number;
  /** From the acknowledged wish to the last kill. */
  fromWishMs: number;
  /** The least that could be: the host's first check-in after the wish, then one list and the kills, one by one. */
  limitMs: number;
  /** The session was asked for too late for the check-in that the wish rode on, and came with a later one. */
  missedCheckin: boolean;
}

/** @throws Error where the run did not do what it was asked for. */
export function observe(ledger: readonly LedgerEntry[], commandAt: number): Observed {
  const kills = ledger.filter(({ effect }) => effect === 'killed').map(({ at }) => at);
  if (kills.length !== 2) throw new Error(`Expected two kills, the ledger has ${kills.length}.`);
  const lastKill = Math.max(...kills);
  const wish = timeOf(ledger, 'wish-set');
  const checkin = timeOf(ledger, 'isolated');
  return {
    lastKillMs: lastKill - commandAt,
    fromWishMs: lastKill - wish,
    limitMs: checkin - wish + COMMAND_MS * (1 + kills.length),
    missedCheckin: timeOf(ledger, 'session-active') > checkin,
  };
}

export function timeOf(ledger: readonly LedgerEntry[], effect: LedgerEntry['effect']): number {
  const found = ledger.find((entry) => entry.effect === effect);
  if (found === undefined) throw new Error(`The ledger has no "${effect}".`);
  return found.at;
}
