import type { FrozenTarget, HostOverview } from '../contract/index.js';
import { PlaybookError } from './errors.js';
import { lastLeaseRun } from './lease-run.js';
import { statusOfOverview } from './host-status.js';
import type { HostStatus } from './host-types.js';
import { lookUp, type LookupOptions } from './lookup.js';
import { pause } from './pause.js';
import type { Session } from './session.js';

export interface WaitForHost {
  /** How long to wait for the sensor's own word, in milliseconds; 0 for one look. */
  waitMs: number;
  signal: AbortSignal | undefined;
  /** Called with each look. */
  onLook?: ((host: HostStatus) => void) | undefined;
}

export interface Look {
  seen: HostOverview;
  host: HostStatus;
}

const LEAST_PAUSE_MS = 400;
const MOST_PAUSE_MS = 10_000;
/** A check-in changes the fact: one look is a moment after it. */
const AFTER_CHECKIN_MS = 200;

/**
 * Looks at the host until `done` says so or the time is over; the last look, either way, and `null` where a look failed:
 * this is called after a change, and an error that says "nothing was changed" would be untrue.
 */
export async function awaitHost(
  session: Session,
  target: FrozenTarget,
  done: (seen: HostOverview) => boolean,
  o: WaitForHost,
): Promise<Look | null> {
  const end = Date.now() + o.waitMs;
  for (let grown = LEAST_PAUSE_MS; ; grown = Math.min(MOST_PAUSE_MS, 2 * grown)) {
    const look = await lookAfterChange(session, target.sensorId, o.signal);
    if (look === null) return null;
    const { seen, host } = look;
    o.onLook?.(host);
    const isDone = done(seen);
    const left = end - Date.now();
    if (isDone || left <= 0) return look;
    await pause(Math.min(left, grown, untilCheckin(seen)), o.signal);
    o.signal?.throwIfAborted();
  }
}

/** A sensor that is overdue may come at any time: then only the growing pause counts. */
function untilCheckin({ at, checkin }: HostOverview): number {
  const next = checkin.nextAt === null ? 0 : checkin.nextAt - at + AFTER_CHECKIN_MS;
  return next <= 0 ? MOST_PAUSE_MS : Math.max(LEAST_PAUSE_MS, next);
}

/** `null` where nobody answers: then the lease's own answer to the change is the newest that is known. */
export async function lookAfterChange(
  session: Session,
  sensorId: number,
  signal: AbortSignal | undefined,
): Promise<Look | null> {
  try {
    return await lookAtHost(session, { sensorId }, { signal });
  } catch (error) {
    if (error instanceof PlaybookError) return null;
    throw error;
  }
}

export async function lookAtHost(
  session: Session,
  input: { sensorId?: number; hostname?: string },
  o: LookupOptions = {},
): Promise<Look> {
  const seen = await lookUp(session, input, o);
  const { carried } = await lastLeaseRun(session, seen.target.sensorId);
  return { seen, host: statusOfOverview(seen, carried) };
}
