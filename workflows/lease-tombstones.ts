import { now } from './time.js';
import { LEASE } from './timing.js';

/** They are carried in the memo, and nobody may fill that. */
const MOST_TOMBSTONES = 100;

/** Holds that were given back, each with the moment until which an acquire of it that is still on its way is refused. */
export class Tombstones {
  private readonly until = new Map<string, number>();

  constructor(carried: readonly { holdId: string; until: number }[]) {
    for (const { holdId, until } of carried) if (until > now()) this.until.set(holdId, until);
  }

  /** For a hold that was asked for at `since`, by the lease's own clock: the caller's may be another. */
  lay(holdId: string, since: number): void {
    const until = since + LEASE.latestAcquire;
    if (until <= now()) return;
    this.drop();
    this.until.delete(holdId);
    this.until.set(holdId, until);
    if (this.until.size > MOST_TOMBSTONES) {
      const [first] = [...this.until].sort(([, a], [, b]) => a - b);
      if (first !== undefined) this.until.delete(first[0]);
    }
  }

  has(holdId: string): boolean {
    return (this.until.get(holdId) ?? 0) > now();
  }

  /** The latest moment an acquire may still come, or `null`. */
  last(): number | null {
    this.drop();
    return this.until.size === 0 ? null : Math.max(...this.until.values());
  }

  list(): { holdId: string; until: number }[] {
    return [...this.until].map(([holdId, until]) => ({ holdId, until }));
  }

  private drop(): void {
    for (const [holdId, until] of this.until) if (until <= now()) this.until.delete(holdId);
  }
}
