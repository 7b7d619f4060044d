import type { FrozenTarget, HostOverview, LeaseCarried, LeaseState } from '../contract/index.js';
import { awaitHost } from './await-host.js';
import { PlaybookError } from './errors.js';
import type { HeldBy, HostStatus } from './host-types.js';
import { statusOfLease, statusOfOverview } from './host-status.js';
import { NoSuchLeaseError } from './lease-errors.js';
import { lastLeaseRun, takeUp, updateLease } from './lease-run.js';
import { hostOf, lookUp } from './lookup.js';
import { releaseUpdate } from './messages.js';
import { type Words, wordsOf } from './operator-input.js';
import type { Session } from './session.js';

export interface ReleaseOptions {
  /** Why, in words of their own; nothing is changed without. */
  reason: string;
  who?: string;
  /** Running containments' holds too. */
  allHolds?: boolean;
  /** How long to wait for the sensor to confirm, in milliseconds; 0 for one look. Default 5 min, none for an offline host. */
  waitMs?: number;
  signal?: AbortSignal;
  onLook?: (host: HostStatus) => void;
}

export interface ReleaseResult {
  /**
   * `released`: the sensor says so · `pending`: asked for, not confirmed yet; the lease goes on by itself · `held`: others
   * hold it still, see `remaining` · `foreign`: no hold is left, and the host was isolated by somebody else before us ·
   * `gone`: no hold is left, and the server does not know the sensor any more: whether it is isolated nobody can tell.
   */
  outcome: 'released' | 'pending' | 'held' | 'foreign' | 'gone';
  /** Ids of the holds that were ended by this call. */
  ended: string[];
  remaining: HeldBy[];
  host: HostStatus;
}

const DEFAULT_WAIT_MS = 5 * 60_000;

/**
 * Ends every hold whose run has ended and those that people took; a running containment's hold stays unless `allHolds`.
 * The host is released when nobody holds it any more, and that is awaited: only the sensor's word makes `released`.
 * @throws {@link NoSuchLeaseError} where nobody holds the host: then nothing was changed.
 */
export async function releaseHost(session: Session, text: string, o: ReleaseOptions): Promise<ReleaseResult> {
  const words = wordsOf(o);
  const before = await lookUp(session, await hostOf(session, text), { signal: o.signal });
  const { target } = before;
  const { carried } = await lastLeaseRun(session, target.sensorId);
  const { holds } = statusOfOverview(before, carried);
  requireLease(before, carried);
  const ending = holds.filter((h) => o.allHolds === true || h.running !== true);
  // Nothing of it is left to end, and what stands may be ours all the same: the lease goes on where it was ended.
  if (carried !== null && ending.length === 0) await takeUp(session, target);
  const { ended, state } = await endHolds(session, target, ending, words);
  const comesSoon = before.checkin.online || before.wish === null;
  const waitMs = o.waitMs ?? (comesSoon ? DEFAULT_WAIT_MS : 0);
  const done = (seen: HostOverview): boolean => outcomeOf(seen) !== 'pending';
  const last = await awaitHost(session, target, done, { signal: o.signal, onLook: o.onLook, waitMs });
  if (last !== null) {
    return { outcome: outcomeOf(last.seen), ended, remaining: last.host.holds, host: last.host };
  }
  const host = state === null ? statusOfOverview(before, carried) : statusOfLease(state);
  return { outcome: host.holds.length > 0 ? 'held' : 'pending', ended, remaining: host.holds, host };
}

/** What was ended is told, also where the worker dies between two holds: then the last answer names those that remain. */
async function endHolds(
  session: Session,
  target: FrozenTarget,
  holds: readonly HeldBy[],
  words: Words,
): Promise<{ ended: string[]; state: LeaseState | null }> {
  const ended: string[] = [];
  let state: LeaseState | null = null;
  for (const { holdId } of holds) {
    try {
      state = await updateLease(session, target, releaseUpdate, { holdId, ...words });
    } catch (error) {
      if (state !== null && error instanceof PlaybookError && !(error instanceof NoSuchLeaseError)) break;
      // The lease closed because its last hold ended otherwise meanwhile.
      if (!(error instanceof NoSuchLeaseError)) throw error;
    }
    ended.push(holdId);
  }
  return { ended, state };
}

/** All but `pending` is settled: the lease is done, or somebody holds it still. */
function outcomeOf({ lease, wish, fact }: HostOverview): ReleaseResult['outcome'] {
  if (lease?.running && lease.holds.length > 0) return 'held';
  if (lease?.running && lease.wish !== 'released') return 'pending';
  if (wish === null) return 'gone';
  // Ended from outside once more, and what it wrote still stands.
  if (wish) return lease?.ours === true ? 'pending' : 'foreign';
  return fact ? 'pending' : 'released';
}

function requireLease({ target, lease, wish, fact }: HostOverview, carried: LeaseCarried | null): void {
  if (lease?.running && (lease.holds.length > 0 || lease.wish !== 'released')) return;
  if (!lease?.running && carried !== null && (carried.holds.length > 0 || carried.ours)) return;
  const { hostname } = target;
  if (wish === null) {
    throw new NoSuchLeaseError(
      `Nobody holds the isolation of ${hostname}; its sensor is not known to the server any more.`,
    );
  }
  if (wish) {
    throw new NoSuchLeaseError(
      `${hostname} is isolated by somebody else: nobody holds a lease of ours on it, and what others isolated is never released by us.`,
      'Release it where it was isolated, or take it over first: cb-playbook leases --reconcile --adopt --reason TEXT.',
    );
  }
  throw new NoSuchLeaseError(
    `Nobody holds the isolation of ${hostname}; ${fact ? 'its sensor has not confirmed the release yet.' : 'it is not isolated.'}`,
  );
}
