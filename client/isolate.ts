import { randomUUID } from 'node:crypto';
import {
  DEFAULT_LEASE_POLICY,
  type DriftPolicy,
  type FrozenTarget,
  type HostOverview,
  hostForm,
} from '../contract/index.js';
import { awaitHost, type Look } from './await-host.js';
import { PlaybookError } from './errors.js';
import { statusOfLease } from './host-status.js';
import type { HostStatus } from './host-types.js';
import { HoldEndedError, HostLookupError, IsolationRefusedError, NoSuchLeaseError } from './lease-errors.js';
import { acquire, updateLease } from './lease-run.js';
import { hostOf, lookUp } from './lookup.js';
import { releaseUpdate } from './messages.js';
import { durationMs, type Words, wordsOf } from './operator-input.js';
import type { Session } from './session.js';

export interface IsolateOptions {
  /** Why, in words of their own; nothing is changed without. */
  reason: string;
  who?: string;
  /** When the hold ends by itself, e.g. `4h`, counted from now; default: until released. */
  lease?: string;
  /** What the lease does when somebody else withdraws the wish; default `tell`. */
  onDrift?: DriftPolicy;
  /** How long to wait for the sensor to confirm, in milliseconds; 0 returns once the wish is placed. Default 5 min, none for an offline host. */
  waitMs?: number;
  signal?: AbortSignal;
  onLook?: (host: HostStatus) => void;
}

export interface IsolateResult {
  /** `pending`: the hold stands, and the sensor was not seen to confirm yet; it goes on by itself. */
  outcome: 'isolated' | 'already-isolated' | 'pending';
  holdId: string;
  host: HostStatus;
}

const DEFAULT_WAIT_MS = 5 * 60_000;
/** An acquire that arrives later is refused: nobody waits for it any more. */
const VALID_MS = 5 * 60_000;
/** A fresh lease places its wish within a blink; a server that does not answer is given longer where somebody waits. */
const PLACING_MS = { least: 10_000, most: 60_000 };

/**
 * Isolates a host by a person's own hold, and kills nothing: isolate now, look later.
 * @throws {@link InvalidRequestError}, {@link HostLookupError}, {@link IsolationRefusedError}: then no hold stays behind;
 * {@link HoldEndedError}: somebody ended the hold while its confirmation was awaited.
 */
export async function isolateHost(session: Session, text: string, o: IsolateOptions): Promise<IsolateResult> {
  const words = wordsOf(o);
  const leaseMs = o.lease === undefined ? null : durationMs('lease', o.lease, DEFAULT_LEASE_POLICY.longestMs);
  const before = await lookUp(session, await hostOf(session, text), { signal: o.signal });
  const { target } = before;
  if (before.wish === null) {
    throw new HostLookupError(
      'NoSuchHost',
      `Sensor ${target.sensorId} (${target.hostname}) is not known to the server any more.`,
    );
  }
  if (!before.supportsIsolation) {
    throw new IsolationRefusedError(
      target.hostname,
      'IsolationUnsupported',
      'its sensor cannot isolate its host.',
    );
  }
  const holdId = `person/${holderOf(words)}/${randomUUID()}`;
  const state = await acquire(session, target, {
    holdId,
    ...words,
    validUntil: before.at + VALID_MS,
    leaseMs,
    ...(o.onDrift === undefined ? {} : { onDrift: o.onDrift }),
  });
  const placed = await wishPlaced(session, target, holdId, words, o);
  if (placed === null) return { outcome: 'pending', holdId, host: statusOfLease(state) };
  const waitMs = o.waitMs ?? (before.checkin.online ? DEFAULT_WAIT_MS : 0);
  const settled = (seen: HostOverview): boolean => isIsolated(seen) || !stands(seen, holdId);
  const last = await awaitHost(session, target, settled, { signal: o.signal, onLook: o.onLook, waitMs });
  const { seen, host } = last ?? placed;
  if (!stands(seen, holdId)) throw new HoldEndedError(target.hostname, holdId);
  if (!isIsolated(seen)) return { outcome: 'pending', holdId, host };
  return { outcome: before.wish && before.fact ? 'already-isolated' : 'isolated', holdId, host };
}

function isIsolated(seen: HostOverview): boolean {
  return seen.wish === true && seen.fact === true;
}

/** Also of a lease that was ended from outside: whoever takes it up has this hold. */
function stands({ lease }: HostOverview, holdId: string): boolean {
  return lease?.holds.some((hold) => hold.holdId === holdId) === true;
}

/** Sees the wish placed; where it is refused, the hold is given back first, so that nothing lingers. `null`: nobody answers. */
async function wishPlaced(
  session: Session,
  target: FrozenTarget,
  holdId: string,
  words: Words,
  o: IsolateOptions,
): Promise<Look | null> {
  const waitMs = Math.min(Math.max(o.waitMs ?? PLACING_MS.most, PLACING_MS.least), PLACING_MS.most);
  const decided = (seen: HostOverview): boolean =>
    !stands(seen, holdId) || (seen.lease?.running === true && seen.lease.wish !== 'placing');
  const look = await awaitHost(session, target, decided, { waitMs, signal: o.signal });
  const lease = look?.seen.lease;
  if (lease?.wish !== 'refused') return look;
  const { type, message } = lease.problem ?? { type: 'Refused', message: 'The server refuses it.' };
  const reason = 'The server refused it.';
  const heldStill = await updateLease(session, target, releaseUpdate, {
    holdId,
    who: words.who,
    reason,
  }).then(
    () => null,
    (error: unknown) => {
      if (error instanceof NoSuchLeaseError) return null;
      if (error instanceof PlaybookError) return holdId;
      throw error;
    },
  );
  throw new IsolationRefusedError(target.hostname, type, message, heldStill);
}

/** The part of a hold id that says who: without slashes and blanks. */
function holderOf({ who }: Words): string {
  return hostForm(who ?? 'somebody').replace(/[^a-z0-9._@-]+/g, '-') || 'somebody';
}
