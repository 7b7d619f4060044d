import {
  type AcquireArgs,
  DEFAULT_LEASE_POLICY,
  type Drift,
  type DriftKind,
  type DriftReport,
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
import { newHold } from './lease-holds.js';
import { Tombstones } from './lease-tombstones.js';
import type { AttributeValues } from './search-attributes.js';
import { iso, now } from './time.js';

const MOST_EVENTS = 50;
const MOST_PAST_DRIFTS = 20;
/** More than any host ever needs; the memo and the current details name them all. */
export const MOST_HOLDS = 100;

/**
 * Who holds the lease, and what is known of the wish. Its methods only change state, never await: the lease's one loop
 * compares "does anybody hold?" with the wish and alone acts on it.
 */
export class LeaseBook {
  wish: WishState = 'released';
  ours = false;
  before: boolean | null = null;
  fact: boolean | null = null;
  /** Whether the wish stood when it was read last. */
  stands = false;
  placedAt: number | null = null;
  confirmedAt: number | null = null;
  releasedAt: number | null = null;
  seenAt: number | null = null;
  nextCheckinAt: number | null = null;
  drift: Drift[] = [];
  pastDrift: DriftReport[] = [];
  /** The sensor's last check-in when our wish was written: a later one may have picked it up. */
  placedCheckin: number | null = null;
  /** The same when our wish was seen gone. */
  withdrawnCheckin: number | null = null;
  /** An isolation that was reported by then is older than our wish, and confirms nothing (API reference 3.6). */
  staleCheckin: number | null = null;
  /** The boot in which the sensor was seen isolated last. */
  bootId: string | null = null;
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
  /** How the containment that settled last ended: it decides for the ends of all runs' holds. */
  settled: LeaseCarried['settled'] = null;
  surroundings: Surroundings = { searchAttributes: [], notify: 'none' };
  /** Search attributes as they were upserted last. */
  readonly shown: AttributeValues = {};
  /** Counts changes, so that the loop sees one that came while it worked. */
  version = 0;
  readonly policy: LeasePolicy;
  readonly holds = new Map<string, Hold>();
  target: FrozenTarget;
  readonly tombstones: Tombstones;
  private lastMemo = '';

  constructor(
    private readonly id: string,
    private readonly runId: string,
    input: LeaseInput,
  ) {
    this.target = input.target;
    const { carried } = input;
    this.policy = carried?.policy ?? { ...DEFAULT_LEASE_POLICY, ...input.policy };
    this.tombstones = new Tombstones(carried?.tombstones ?? []);
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
    this.placedCheckin = carried.placedCheckin ?? null;
    this.withdrawnCheckin = carried.withdrawnCheckin ?? null;
    this.staleCheckin = carried.staleCheckin ?? null;
    const stood = carried.wish === 'placed' || carried.wish === 'foreign';
    this.stands = carried.stands ?? (stood && !this.withdrawn);
    this.settled = carried.settled ?? null;
    this.surroundings = carried.surroundings ?? this.surroundings;
    this.drift = [...carried.drift];
    this.pastDrift = [...(carried.pastDrift ?? [])];
    this.bootId = carried.bootId ?? null;
    this.reminders = carried.reminders;
    this.remindAt = carried.remindAt;
    this.events = [...carried.events];
    this.problem = carried.problem;
    for (const hold of carried.holds) this.holds.set(hold.holdId, { ...hold });
    if (carried.inheritedFrom !== null) {
      const { registration } = carried;
      if (registration !== undefined && registration !== this.target.registration) this.retarget(this.target);
      // The dead run may have been ended at any line: what stands is read again before anything is believed.
      // Only what a person withdrew, and was told as such, is not written again for the old holders.
      const respected = this.withdrawn && carried.wish === 'placed';
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
    // Somebody who holds asked for it: a later holder's default does not take it back.
    const wins = args.onDrift === 'reassert' || this.holds.size === 0;
    if (args.onDrift !== undefined && wins) this.policy.onDrift = args.onDrift;
    if (!this.holds.has(args.holdId)) {
      this.holds.set(args.holdId, newHold(args));
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
    this.bootId = null;
    this.stands = false;
    this.withdrawn = false;
    this.forgetCheckins();
    this.reasserted = false;
    this.problem = null;
    this.wish = this.holds.size > 0 ? 'placing' : 'released';
    this.log(
      `The sensor was registered anew (${target.registration ?? 'unknown'}); the lease is about that one now.`,
    );
  }

  release(args: ReleaseArgs): LeaseState {
    const hold = this.holds.get(args.holdId);
    // A run that has not settled may have sent an acquire that is still on its way.
    if (hold === undefined) this.tombstones.lay(args.holdId, now());
    else if (hold.runId !== null && hold.verdict === null)
      this.tombstones.lay(args.holdId, Date.parse(hold.since));
    if (this.holds.delete(args.holdId)) {
      const why = args.reason ? `: ${args.reason}` : '';
      this.log(`${args.who ?? 'Somebody'} gave hold ${args.holdId} back${why}.`);
    }
    this.version += 1;
    return this.state();
  }

  extend(args: ExtendArgs): LeaseState {
    const hold = this.holds.get(args.holdId);
    if (hold !== undefined) {
      if (args.verdict !== undefined) this.settle(hold, args.verdict);
      // A person's word on the end is kept when the run settles after it.
      if (args.verdict === undefined || hold.endAskedBy === null) {
        hold.until = args.leaseMs === null ? null : iso(now() + args.leaseMs);
        hold.keptBecause = null;
      }
      if (args.verdict === undefined) {
        hold.endAskedBy = args.who ?? 'somebody';
        this.log(
          `${args.who ?? 'Somebody'} set the end of hold ${args.holdId} to ${hold.until ?? 'until released'}.`,
        );
      }
      this.version += 1;
    }
    return this.state();
  }

  private settle(hold: Hold, verdict: string): void {
    hold.verdict = verdict;
    this.settled = { verdict, at: now() };
    if (verdict !== 'contained') return;
    // Ends that did not count until now are judged anew.
    for (const other of this.holds.values()) other.keptBecause = null;
  }

  /** A wish that stands although ours was seen gone: somebody else isolated the host, and it is theirs from now on. */
  leaveToOthers(): void {
    this.ours = false;
    this.before = true;
    this.withdrawn = false;
    this.log('Somebody else isolated the host anew: that isolation is not ours to undo.');
  }

  /** Nothing of ours is on the sensor. */
  forgetCheckins(): void {
    this.placedCheckin = null;
    this.withdrawnCheckin = null;
    this.staleCheckin = null;
  }

  log(what: string): void {
    this.events.push({ at: iso(now()), what: what.slice(0, 300) });
    if (this.events.length > MOST_EVENTS) this.events.splice(0, this.events.length - MOST_EVENTS);
  }

  /** Whether somebody who holds still waits for the wish. A refused one is tried again when the next hold is taken. */
  needsPlacing(): boolean {
    return this.wish !== 'placed' && this.wish !== 'foreign' && this.wish !== 'refused';
  }

  driftEnded(drift: Drift): void {
    this.log(`No longer: ${drift.what}`);
    this.pastDrift.push({ ...drift, until: iso(now()) });
    this.pastDrift.splice(0, this.pastDrift.length - MOST_PAST_DRIFTS);
  }

  knownDrift(): DriftKind[] {
    return this.drift.map((d) => d.kind);
  }

  state(): LeaseState {
    const { wish, ours, before, fact, placedAt, confirmedAt, releasedAt, seenAt, nextCheckinAt } = this;
    return {
      leaseId: this.id,
      runId: this.runId,
      target: this.target,
      ...{ wish, ours, before, fact, placedAt, confirmedAt, releasedAt, seenAt, nextCheckinAt },
      staleCheckin: this.staleCheckin,
      holds: [...this.holds.values()],
      drift: this.drift,
      pastDrift: this.pastDrift,
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
    const { placedCheckin, withdrawnCheckin, staleCheckin } = this;
    return {
      ...{ placedCheckin, withdrawnCheckin, staleCheckin },
      ...{ wish, ours, before, placedAt, confirmedAt, releasedAt, fact, seenAt, nextCheckinAt },
      ...{ drift, reminders, remindAt, events, problem, reasserted, withdrawn, surroundings, policy },
      holds: [...this.holds.values()],
      ...{ pastDrift: this.pastDrift, bootId: this.bootId },
      ...{ stands: this.stands, settled: this.settled, registration: this.target.registration },
      tombstones: this.tombstones.list(),
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
