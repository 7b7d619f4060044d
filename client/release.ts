import type { HostOverview, LeaseCarried } from '../contract/index.js';
import { awaitHost } from './await-host.js';
import type { HeldBy, HostStatus } from './host-types.js';
import { statusOfOverview } from './host-status.js';
import { NoSuchLeaseError } from './lease-errors.js';
import { lastLeaseRun, updateLease } from './lease-run.js';
import { hostOf, lookUp } from './lookup.js';
import { releaseUpdate } from './messages.js';
import { wordsOf } from './operator-input.js';
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
   * hold it still, see `remaining` · `foreign`: no hold is left, and the host was isolated by somebody else before us.
   */
  outcome: 'released' | 'pending' | 'held' | 'foreign';
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
  for (const { holdId } of ending) {
    await updateLease(session, target, releaseUpdate, { holdId, ...words }).catch((error: unknown) => {
      // The lease closed because its last hold ended otherwise meanwhile.
      if (!(error instanceof NoSuchLeaseError)) throw error;
    });
  }
  const waitMs = o.waitMs ?? (before.checkin.online ? DEFAULT_WAIT_MS : 0);
  const { seen, host } = await awaitHost(session, target, isSettled, { ...o, waitMs });
  return {
    outcome: outcomeOf(seen),
    ended: ending.map((h) => h.holdId),
    remaining: host.holds,
    host,
  };
}

/** Nothing to wait for any more: the lease is done, or somebody holds it still. */
function isSettled(seen: HostOverview): boolean {
  return outcomeOf(seen) !== 'pending';
}

function outcomeOf({ lease, wish, fact }: HostOverview): ReleaseResult['outcome'] {
  if (lease?.running && lease.holds.length > 0) return 'held';
  if (lease?.running && lease.wish !== 'released') return 'pending';
  if (wish) return 'foreign';
  return fact ? 'pending' : 'released';
}

function requireLease({ target, lease, wish, fact }: HostOverview, carried: LeaseCarried | null): void {
  if (lease?.running && (lease.holds.length > 0 || lease.wish !== 'released')) return;
  if (!lease?.running && carried !== null && (carried.holds.length > 0 || carried.ours)) return;
  const { hostname } = target;
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
