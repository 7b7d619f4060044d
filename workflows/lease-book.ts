import {
  type AcquireArgs,
  DEFAULT_LEASE_POLICY,
  type Drift,
  type DriftKind,
  type ExtendArgs,
  type FrozenTarget,
  type Hold,
  type LeaseCarried,
  type LeaseEvent,
  type LeaseInput,
  type LeasePolicy,
  type LeaseState,
  type ReleaseArgs,
  type Surroundings,
  type WishState,
} from '../contract/index.js';
import type { AttributeValues } from './search-attributes.js';
import { iso, now } from './time.js';

/** How long a tombstone is kept: longer than any acquire is valid, in milliseconds. */
const TOMBSTONE_MS = 20 * 60_000;
const MOST_EVENTS = 50;

/**
 * Who holds the lease, and what is known of the wish. Its methods only change state, never await: the lease's one loop
 * compares "does anybody hold?" with the wish and alone acts on it.
 */
export class LeaseBook {
  wish: WishState = 'released';
  ours = false;
  before: boolean | null = null;
  fact: boolean | null = null;
  placedAt: number | null = null;
  confirmedAt: number | null = null;
  releasedAt: number | null = null;
  seenAt: number | null = null;
  nextCheckinAt: number | null = null;
  drift: Drift[] = [];
  reminders = 0;
  /** When people are reminded next; `null` while nobody holds. */
  remindAt: number | null = null;
  events: LeaseEvent[] = [];
  problem: LeaseState['problem'] = null;
  closing = false;
  /** Whether the wish was written once more after a drift: never twice for one lease (hazard H19). */
  reasserted = false;
  /** Our wish was seen gone, whoever withdrew it: one that stands later is somebody else's, unless we wrote it again. */
  withdrawn = false;
  surroundings: Surroundings = { searchAttributes: [], notify: 'none' };
  /** Search attributes as they were upserted last. */
  readonly shown: AttributeValues = {};
  /** Counts changes, so that the loop sees one that came while it worked. */
  version = 0;
  readonly policy: LeasePolicy;
  readonly holds = new Map<string, Hold>();
  target: FrozenTarget;
  private readonly tombstones = new Map<string, number>();
  private lastMemo = '';

  constructor(
    private readonly id: string,
    private readonly runId: string,
    input: LeaseInput,
  ) {
    this.target = input.target;
    const { carried } = input;
    this.policy = carried?.policy ?? { ...DEFAULT_LEASE_POLICY, ...input.policy };
    if (carried === undefined) return;
    this.wish = carried.wish;
    this.ours = carried.ours;
    this.before = carried.before;
    this.placedAt = carried.placedAt;
    this.confirmedAt = carried.confirmedAt;
    this.releasedAt = carried.releasedAt;
    this.fact = carried.fact ?? null;
    this.seenAt = carried.seenAt ?? null;
    this.nextCheckinAt = carried.nextCheckinAt ?? null;
    this.reasserted = carried.reasserted ?? false;
    this.withdrawn = carried.withdrawn ?? false;
    this.surroundings = carried.surroundings ?? this.surroundings;
    this.drift = [...carried.drift];
    this.reminders = carried.reminders;
    this.remindAt = carried.remindAt;
    this.events = [...carried.events];
    this.problem = carried.problem;
    for (const hold of carried.holds) this.holds.set(hold.holdId, { ...hold });
    for (const { holdId, until } of carried.tombstones) this.tombstones.set(holdId, until);
    if (carried.inheritedFrom !== null) {
      // The dead run may have been ended at any line: what stands is read again before anything is believed.
      // Only what a person withdrew, and was told as such, is not written again for the old holders.
      const respected = carried.withdrawn === true && carried.wish === 'placed';
      if (this.holds.size > 0) this.wish = respected ? 'placed' : 'placing';
      else if (this.ours) this.wish = 'releasing';
      this.log(`Carries on for run ${carried.inheritedFrom}, which was ended from outside.`);
    }
  }

  acquire(args: AcquireArgs): LeaseState {
    if (args.target !== undefined && args.target.registration !== this.target.registration)
      this.retarget(args.target);
    if (args.adopt === true && !this.ours) {
      this.ours = true;
      this.before = false;
      this.log(`${args.who ?? 'Somebody'} took a foreign isolation over.`);
    }
    if (args.onDrift !== undefined) this.policy.onDrift = args.onDrift;
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
        endAskedBy: null,
      });
      if (this.wish === 'released') this.before = null;
      // A new holder asks for isolation now, so the wish is looked at again even where it was placed before.
      this.wish = 'placing';
      this.log(`${args.who ?? 'Somebody'} took hold ${args.holdId}.`);
    }
    this.version += 1;
    return this.state();
  }

  /** The sensor id was registered anew: what was known is about a host that is gone. */
  private retarget(target: FrozenTarget): void {
    this.target = target;
    this.ours = false;
    this.before = null;
    this.fact = null;
    this.placedAt = null;
    this.confirmedAt = null;
    this.drift = [];
    this.wish = this.holds.size > 0 ? 'placing' : 'released';
    this.log(
      `The sensor was registered anew (${target.registration ?? 'unknown'}); the lease is about that one now.`,
    );
  }

  release(args: ReleaseArgs): LeaseState {
    if (this.holds.delete(args.holdId)) {
      const why = args.reason ? `: ${args.reason}` : '';
      this.log(`${args.who ?? 'Somebody'} gave hold ${args.holdId} back${why}.`);
    } else {
      // Counted by the lease's own clock: the caller's may be another.
      this.tombstones.set(args.holdId, now() + TOMBSTONE_MS);
    }
    this.version += 1;
    return this.state();
  }

  extend(args: ExtendArgs): LeaseState {
    const hold = this.holds.get(args.holdId);
    if (hold !== undefined) {
      if (args.verdict !== undefined) hold.verdict = args.verdict;
      // A person's word on the end is kept when the run settles after it.
      if (args.verdict === undefined || hold.endAskedBy === null) {
        hold.until = args.leaseMs === null ? null : iso(now() + args.leaseMs);
        hold.keptBecause = null;
      }
      if (args.verdict === undefined) {
        hold.endAskedBy = args.leaseMs === null ? null : (args.who ?? 'somebody');
        this.log(
          `${args.who ?? 'Somebody'} set the end of hold ${args.holdId} to ${hold.until ?? 'until released'}.`,
        );
      }
      this.version += 1;
    }
    return this.state();
  }

  /** A wish that stands although ours was seen gone: somebody else isolated the host, and it is theirs from now on. */
  leaveToOthers(): void {
    this.ours = false;
    this.before = true;
    this.withdrawn = false;
    this.log('Somebody else isolated the host anew: that isolation is not ours to undo.');
  }

  log(what: string): void {
    this.events.push({ at: iso(now()), what: what.slice(0, 300) });
    if (this.events.length > MOST_EVENTS) this.events.splice(0, this.events.length - MOST_EVENTS);
  }

  /** Whether somebody who holds still waits for the wish. A refused one is tried again when the next hold is taken. */
  needsPlacing(): boolean {
    return this.wish !== 'placed' && this.wish !== 'foreign' && this.wish !== 'refused';
  }

  knownDrift(): DriftKind[] {
    return this.drift.map((d) => d.kind);
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
    const { wish, ours, before, fact, placedAt, confirmedAt, releasedAt, seenAt, nextCheckinAt } = this;
    return {
      leaseId: this.id,
      runId: this.runId,
      target: this.target,
      ...{ wish, ours, before, fact, placedAt, confirmedAt, releasedAt, seenAt, nextCheckinAt },
      holds: [...this.holds.values()],
      drift: this.drift,
      reminders: this.reminders,
      events: this.events,
      policy: this.policy,
      problem: this.problem,
      closing: this.closing,
    };
  }

  carried(): LeaseCarried {
    const { wish, ours, before, placedAt, confirmedAt, releasedAt, fact, seenAt, nextCheckinAt } = this;
    const { drift, reminders, remindAt, events, problem, reasserted, withdrawn, surroundings, policy } = this;
    return {
      ...{ wish, ours, before, placedAt, confirmedAt, releasedAt, fact, seenAt, nextCheckinAt },
      ...{ drift, reminders, remindAt, events, problem, reasserted, withdrawn, surroundings, policy },
      holds: [...this.holds.values()],
      tombstones: [...this.tombstones].map(([holdId, until]) => ({ holdId, until })),
      inheritedFrom: null,
    };
  }

  /** Whether the memo says something it did not say before: an upsert costs an event. */
  memoIsNew(memo: string): boolean {
    const isNew = memo !== this.lastMemo;
    this.lastMemo = memo;
    return isNew;
  }
}
