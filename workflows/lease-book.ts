import type {
  AcquireArgs,
  ExtendArgs,
  Hold,
  LeaseCarried,
  LeaseState,
  FrozenTarget,
  ReleaseArgs,
  WishState,
} from '../contract/index.js';
import { iso, now } from './time.js';

/** Longest a tombstone is kept where a release named no `validUntil`, in milliseconds. */
const TOMBSTONE_MS = 15 * 60_000;

/**
 * Who holds the lease, and what is known of the wish. Its methods only change state, never await: the lease's one loop
 * compares "does anybody hold?" with the wish and alone acts on it.
 */
export class LeaseBook {
  wish: WishState = 'released';
  /** Whether the standing wish is, or may be, our own writing: only then is it ours to withdraw. */
  ours = false;
  before: boolean | null = null;
  placedAt: number | null = null;
  releasedAt: number | null = null;
  problem: LeaseState['problem'] = null;
  closing = false;
  /** Counts changes, so that the loop sees one that came while it worked. */
  version = 0;
  readonly holds = new Map<string, Hold>();
  private lastMemo = '';
  private readonly tombstones = new Map<string, number>();

  constructor(
    private readonly id: string,
    private readonly runId: string,
    readonly target: FrozenTarget,
    carried?: LeaseCarried,
  ) {
    if (carried === undefined) return;
    this.wish = carried.wish;
    this.ours = carried.ours;
    this.before = carried.before;
    this.placedAt = carried.placedAt;
    this.releasedAt = carried.releasedAt;
    this.problem = carried.problem;
    for (const hold of carried.holds) this.holds.set(hold.holdId, hold);
    for (const { holdId, until } of carried.tombstones) this.tombstones.set(holdId, until);
  }

  acquire(args: AcquireArgs): LeaseState {
    if (!this.holds.has(args.holdId)) {
      this.holds.set(args.holdId, {
        holdId: args.holdId,
        workflowId: args.workflowId ?? null,
        runId: args.runId ?? null,
        who: args.who ?? null,
        reason: args.reason ?? null,
        since: iso(now()),
        until: args.leaseMs ? iso(now() + args.leaseMs) : null,
        verdict: null,
        alreadyWished: null,
        keptBecause: null,
      });
      // A new holder asks for isolation now, so the wish is looked at again even where it was placed before.
      this.wish = 'placing';
      this.version += 1;
    }
    return this.state();
  }

  release(args: ReleaseArgs): LeaseState {
    if (!this.holds.delete(args.holdId)) {
      this.tombstones.set(args.holdId, args.validUntil ?? now() + TOMBSTONE_MS);
    }
    this.version += 1;
    return this.state();
  }

  extend(args: ExtendArgs): LeaseState {
    const hold = this.holds.get(args.holdId);
    if (hold !== undefined) {
      hold.until = args.leaseMs === null ? null : iso(now() + args.leaseMs);
      hold.keptBecause = null;
      if (args.verdict !== undefined) hold.verdict = args.verdict;
      this.version += 1;
    }
    return this.state();
  }

  /** Whether somebody who holds still waits for the wish. A refused one is tried again when the next hold is taken. */
  needsPlacing(): boolean {
    return this.wish !== 'placed' && this.wish !== 'foreign' && this.wish !== 'refused';
  }

  /** Whether the memo says something it did not say before: an upsert costs an event. */
  memoIsNew(memo: string): boolean {
    const isNew = memo !== this.lastMemo;
    this.lastMemo = memo;
    return isNew;
  }

  isTombstone(holdId: string): boolean {
    return (this.tombstones.get(holdId) ?? 0) > now();
  }

  /** The latest moment an acquire may still come for a hold that was given back already, or `null`. */
  lastTombstone(): number | null {
    for (const [holdId, until] of this.tombstones) if (until <= now()) this.tombstones.delete(holdId);
    return this.tombstones.size === 0 ? null : Math.max(...this.tombstones.values());
  }

  /** Holds whose end has come, and the next end that is still to come. */
  ends(): { due: Hold[]; next: number | null } {
    const due: Hold[] = [];
    let next: number | null = null;
    for (const hold of this.holds.values()) {
      if (hold.until === null || hold.keptBecause !== null) continue;
      const until = Date.parse(hold.until);
      if (until <= now()) due.push(hold);
      else next = next === null ? until : Math.min(next, until);
    }
    return { due, next };
  }

  state(): LeaseState {
    return {
      leaseId: this.id,
      runId: this.runId,
      target: this.target,
      before: this.before,
      wish: this.wish,
      placedAt: this.placedAt,
      releasedAt: this.releasedAt,
      holds: [...this.holds.values()],
      problem: this.problem,
      closing: this.closing,
    };
  }

  carried(): LeaseCarried {
    const { wish, ours, before, placedAt, releasedAt, problem } = this;
    const tombstones = [...this.tombstones].map(([holdId, until]) => ({ holdId, until }));
    return { wish, ours, before, placedAt, releasedAt, problem, holds: [...this.holds.values()], tombstones };
  }
}
