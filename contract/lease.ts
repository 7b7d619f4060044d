import type { DriftPolicy } from './drift-policy.js';
import type { Surroundings } from './surroundings.js';
import type { FrozenTarget, IsoTime } from './target.js';

/** Ways in which the world and a held lease can disagree (hazards H13, H16, H19, H29). */
export const DRIFTS = {
  'wish-withdrawn': 'Somebody withdrew the wish while it was held.',
  'isolation-lost': 'The wish stands and the sensor, once isolated, says it is not: a reboot, for instance.',
  'sensor-replaced': 'The host has a new sensor: this one was registered anew, or another took its name.',
  'sensor-gone': 'The sensor is not known to the server any more.',
  silent: 'The sensor has stopped checking in since it was isolated.',
} as const;
export type DriftKind = keyof typeof DRIFTS;

export interface Drift {
  kind: DriftKind;
  since: IsoTime;
  /** In words, with what is known of the new state. */
  what: string;
  /** Whether the wish was written once more because of it. */
  reasserted: boolean;
}

/** A drift with its end; `until` is `null` while it lasts. */
export interface DriftReport extends Drift {
  until: IsoTime | null;
}

/** How a lease behaves; frozen when it starts. An acquire may ask for `reassert`, which then stays as long as anybody holds. */
export interface LeasePolicy {
  /** How often people are reminded of a host that is held, ms. */
  remindEveryMs: number;
  onDrift: DriftPolicy;
  /** How often the sensor is looked at while the lease is held, ms. */
  watchEveryMs: number;
  /** Longest hold with an end that `acquire` or `extend` may ask for, ms. */
  longestMs: number;
}

export const DEFAULT_LEASE_POLICY: LeasePolicy = {
  remindEveryMs: 24 * 3_600_000,
  onDrift: 'tell',
  watchEveryMs: 10 * 60_000,
  longestMs: 366 * 86_400_000,
};

/** One holder's claim on an isolation lease. Times are ISO 8601 in UTC. */
export interface Hold {
  holdId: string;
  /** The run that holds; both `null` for a person's own hold. */
  workflowId: string | null;
  runId: string | null;
  who: string | null;
  reason: string | null;
  since: IsoTime;
  /** When it ends by itself, or `null`: until it is given back. */
  until: IsoTime | null;
  /** How its containment ended; `null` while it runs, and for a person's hold. */
  verdict: string | null;
  /** Whether the wish stood already when this hold was taken; `null` until it was read. */
  alreadyWished: boolean | null;
  /** Why it still stands although its end has come; `null` as long as that is not so. */
  keptBecause: string | null;
  /** The person who set its end, or took it away: then it ends as asked, however its run ended, or not at all. */
  endAskedBy: string | null;
}

/** Update `acquire` on a lease. */
export interface AcquireArgs {
  holdId: string;
  workflowId?: string;
  runId?: string;
  who?: string | null;
  reason?: string | null;
  /** An acquire that arrives later is refused. Milliseconds since 1970. */
  validUntil: number;
  leaseMs?: number | null;
  onDrift?: DriftPolicy;
  /** Whose sensor it is; a lease of another server or sensor refuses, and one of an older registration takes up the new one. */
  target?: FrozenTarget;
  /** Take a foreign isolation over: from now on it is ours, and ends with the last hold. */
  adopt?: boolean;
}

/**
 * Update `release` on a lease. Of an unknown hold, and of one whose run has not settled, it leaves a tombstone, so that an
 * acquire still on its way is refused.
 */
export interface ReleaseArgs {
  holdId: string;
  who?: string | null;
  reason?: string | null;
}

/** Update `extend` on a lease: sets a hold's end, counted from now; `null` for "until released". */
export interface ExtendArgs {
  holdId: string;
  leaseMs: number | null;
  verdict?: string;
  who?: string | null;
}

/** What a lease knows of the wish it is responsible for. */
export type WishState =
  /** To be read, and written where it does not stand. */
  | 'placing'
  /** It stands, and we wrote it. */
  | 'placed'
  /** It stands, and somebody else wrote it: never withdrawn by us. */
  | 'foreign'
  /** The server refuses to write it; `problem` says why. */
  | 'refused'
  /** To be withdrawn, or withdrawn and the sensor has not confirmed yet. */
  | 'releasing'
  /** Withdrawn, and the sensor says it is not isolating; or never written. */
  | 'released'
  /** The server refuses to withdraw it, or the sensor did not confirm in time. */
  | 'release-pending';

/** Something that happened to a lease, newest last; at most fifty are kept. */
export interface LeaseEvent {
  at: IsoTime;
  what: string;
}

/** Answer of the query `holds`, and result of a lease that closed. */
export interface LeaseState {
  leaseId: string;
  runId: string;
  target: FrozenTarget;
  /** The wish before this lease touched it; `null` while unread. True: somebody else's isolation. */
  before: boolean | null;
  wish: WishState;
  /** Whether the standing wish is, or may be, our own writing. */
  ours: boolean;
  /** The sensor's own word when it was looked at last; `null` before. */
  fact: boolean | null;
  placedAt: number | null;
  confirmedAt: number | null;
  releasedAt: number | null;
  /** When the sensor was looked at last, and when its next check-in is due. */
  seenAt: number | null;
  nextCheckinAt: number | null;
  /** An isolation that this check-in reported, or an earlier one, is older than the wish; `null`: none is. */
  staleCheckin?: number | null;
  holds: Hold[];
  drift: Drift[];
  /** Drifts that are over, newest last; at most twenty are kept. */
  pastDrift: DriftReport[];
  reminders: number;
  events: LeaseEvent[];
  policy: LeasePolicy;
  problem: { type: string; message: string } | null;
  closing: boolean;
}

/** Argument of `isolationLease`. */
export interface LeaseInput {
  target: FrozenTarget;
  policy?: Partial<LeasePolicy>;
  /** What a continued run, or the heir of a terminated one, takes over; absent at the start. */
  carried?: LeaseCarried;
}

/** Also what the memo of a lease holds: a terminated lease can be taken up from it. */
export interface LeaseCarried {
  wish: WishState;
  ours: boolean;
  before: boolean | null;
  placedAt: number | null;
  confirmedAt: number | null;
  releasedAt: number | null;
  /** What was seen last, and whether a drift was answered by a new wish once: absent in memos of older runs. */
  fact?: boolean | null;
  seenAt?: number | null;
  nextCheckinAt?: number | null;
  reasserted?: boolean;
  /** Our wish was seen gone: one that stands later is somebody else's. */
  withdrawn?: boolean;
  /** The sensor's last check-ins when our wish was written and when it was seen gone, and {@link LeaseState.staleCheckin}. */
  placedCheckin?: number | null;
  withdrawnCheckin?: number | null;
  staleCheckin?: number | null;
  /** Whether the wish stood when it was read last. */
  stands?: boolean;
  /** How the containment that settled last ended, and when. */
  settled?: { verdict: string; at: number } | null;
  /** Whose registration all this is about: what is ours on one is nothing to us on another. */
  registration?: string | null;
  /** Without it a continued run would tell nobody until it reads the wish again. */
  surroundings?: Surroundings;
  holds: Hold[];
  /** Holds given back before they came, each with the moment until which an acquire of it is refused. */
  tombstones: { holdId: string; until: number }[];
  drift: Drift[];
  pastDrift?: DriftReport[];
  /** The boot in which the sensor was seen isolated last, as the server counts it. */
  bootId?: string | null;
  reminders: number;
  remindAt: number | null;
  events: LeaseEvent[];
  policy: LeasePolicy;
  problem: { type: string; message: string } | null;
  /** Why this run carries on for another; `null` for an ordinary continuation. */
  inheritedFrom: string | null;
}

/** One look at a held sensor. */
export interface WatchInput {
  target: FrozenTarget;
  deadline: number;
  everyMs: number;
  /** Whether the sensor was ever seen isolated under this lease. */
  confirmed: boolean;
  /** Drift that is known already: only a change of it ends the watch. */
  known: DriftKind[];
  /** The boot in which the sensor was seen isolated last; a new one explains why it is not any more (hazard H16). */
  bootId: string | null;
  /** See {@link LeaseState.staleCheckin}. */
  staleCheckin?: number | null;
}

export interface WatchResult {
  /** False: the deadline came, and nothing changed. */
  changed: boolean;
  drift: { kind: DriftKind; what: string }[];
  fact: boolean | null;
  wish: boolean | null;
  nextCheckinAt: number | null;
  bootId: string | null;
  /** What the worker that looked offers; absent from older workers. */
  surroundings?: Surroundings;
  at: number;
  /** When the sensor checked in last, ms since 1970; absent in histories of before. */
  lastCheckin?: number | null;
}
