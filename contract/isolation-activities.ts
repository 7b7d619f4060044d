import type { Checkin } from './checkin.js';
import type { DriftPolicy } from './drift-policy.js';
import type { DriftReport } from './lease.js';
import type { RunIdentity } from './run-identity.js';
import type { Surroundings } from './surroundings.js';
import type { FrozenTarget } from './target.js';

export interface IsolateInput {
  target: FrozenTarget;
  run: RunIdentity;
  holdId: string;
  /** After this moment nothing is changed any more. */
  deadline: number;
  leaseMs: number | null;
  onDrift: DriftPolicy;
}

export interface IsolateResult {
  leaseId: string;
  leaseRunId: string;
  /** The wish before any of our leases touched this sensor: somebody else's isolation when true. */
  foreign: boolean;
  /** Whether the wish stood already when this hold was taken (foreign, or by another holder). */
  alreadyWished: boolean;
  /** When the wish was written, or found. */
  requestedAt: number;
  /** See {@link FactInput}. */
  staleCheckin?: number | null;
}

export interface FactInput {
  target: FrozenTarget;
  deadline: number;
  /** How often to look, from the check-in interval. */
  everyMs: number;
  /**
   * The sensor's last check-in when the wish was written, where the fact said already what is waited for, or may be behind: a sensor
   * picks a wish up at one check-in and reports at a later one (API reference 3.6), so what it reported by then is no answer to
   * this wish. `null`, or absent: any fact counts.
   */
  staleCheckin?: number | null;
}

export interface FactResult {
  met: boolean;
  lastSeen: { wish: boolean | null; fact: boolean | null };
  at: number;
}

export interface OnlineInput extends FactInput {
  /** A check-in counts only when it is later than this one: "Online" alone may be five minutes old (hazard H14). */
  newerThan: number | null;
}

export interface OnlineResult {
  met: boolean;
  checkin: Checkin;
  at: number;
}

export interface UnisolateInput {
  target: FrozenTarget;
  /** Whether the wish stood when the run began: then it may be somebody else's. */
  wishedBefore: boolean;
  run: RunIdentity;
  holdId: string;
  reason: string;
  deadline: number;
  everyMs: number;
}

export interface UnisolateResult {
  /** `left`: our hold is given back, but others stand, or the host was isolated before us. */
  outcome: 'undone' | 'left' | 'failed' | 'nothing-to-undo';
  why: string | null;
  at: number;
  /** With `left`: the sensor was deleted or registered anew, and our wish went with it. */
  sensorGone?: true;
}

/** Tells a lease how the containment of a hold ended, and from when its end counts. */
export interface SettleHoldInput {
  target: FrozenTarget;
  holdId: string;
  verdict: string;
  leaseMs: number | null;
}

export interface HostState {
  wish: boolean | null;
  fact: boolean | null;
  /** Whether our own hold still stands on a running lease. */
  holdStands: boolean;
  expiresAt: number | null;
  /** What its lease knows of drift, past and present; empty without a lease. */
  drift: DriftReport[];
  at: number;
}

export interface WishReading {
  surroundings: Surroundings;
  wish: boolean;
  fact: boolean;
  groupId: number;
  at: number;
  /** When the sensor checked in last, ms since 1970; absent in histories of before. */
  lastCheckin?: number | null;
}
