import { DEFAULT_LEASE_POLICY, type IsoTime } from '../contract/index.js';
import { lookAfterChange, lookAtHost } from './await-host.js';
import { statusOfLease } from './host-status.js';
import { holderName } from './host-summary.js';
import type { HeldBy, HostStatus } from './host-types.js';
import { noLease, updateLease } from './lease-run.js';
import { hostOf } from './lookup.js';
import { extendUpdate } from './messages.js';
import { extensionMs, invalid } from './operator-input.js';
import type { Session } from './session.js';

export interface ExtendOptions {
  who?: string;
  /** Which hold; needed only where there are several. */
  holdId?: string;
  signal?: AbortSignal;
}

export interface ExtendResult {
  holdId: string;
  /** The hold's new end, or `null`: until released. */
  until: IsoTime | null;
  /** Its containment still runs, and keeps the host at least until it has ended; then this end counts. */
  stillRuns: boolean;
  host: HostStatus;
}

/**
 * Sets the end of a hold, counted from now: `'2h'`, or `'until-released'`.
 * @throws {@link InvalidRequestError}, {@link NoSuchLeaseError}: then nothing was changed.
 */
export async function extendHold(
  session: Session,
  text: string,
  duration: string,
  o: ExtendOptions = {},
): Promise<ExtendResult> {
  // Absurd ones are refused before anything is asked; the lease's own policy may be narrower.
  extensionMs(duration, DEFAULT_LEASE_POLICY.longestMs);
  const { seen, host } = await lookAtHost(session, await hostOf(session, text), { signal: o.signal });
  if (host.holds.length === 0) throw noLease(seen.target.hostname);
  const hold = holdToExtend(host.holds, o.holdId);
  const longest = seen.lease?.policy.longestMs ?? DEFAULT_LEASE_POLICY.longestMs;
  const leaseMs = extensionMs(duration, longest);
  const state = await updateLease(session, seen.target, extendUpdate, {
    holdId: hold.holdId,
    leaseMs,
    who: o.who ?? null,
  });
  const set = state.holds.find((h) => h.holdId === hold.holdId);
  const after = await lookAfterChange(session, seen.target.sensorId, o.signal);
  return {
    holdId: hold.holdId,
    until: set?.until ?? null,
    stillRuns: hold.running === true,
    host: after?.host ?? statusOfLease(state),
  };
}

function holdToExtend(holds: readonly HeldBy[], holdId: string | undefined): HeldBy {
  const list = holds.map((h) => `${h.holdId} (${holderName(h)})`).join(', ');
  if (holdId === undefined) {
    if (holds.length === 1) return holds[0] as HeldBy;
    throw invalid({
      field: 'hold',
      problem: `${holds.length} holds stand on this host.`,
      expected: `One of ${list}.`,
    });
  }
  const hold = holds.find((h) => h.holdId === holdId);
  if (hold !== undefined) return hold;
  throw invalid({
    field: 'hold',
    problem: `There is no hold ${JSON.stringify(holdId)} on this host.`,
    expected: `One of ${list}.`,
  });
}
