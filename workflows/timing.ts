import type { ActivityOptions } from '@temporalio/workflow';
import { type Checkin, TASK_QUEUES } from '../contract/index.js';

/**
 * Every retry policy, time-out and deadline of the playbook, in one place. Times in milliseconds.
 * Where they come from: cb-response API reference 3.6, 4, 11, and settings tried on real servers.
 */
const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/**
 * Reads that nothing waits for but the run itself. A dead server is asked again for five minutes. A cancel breaks one off at
 * its next heartbeat: no run closes over a request that is still under way.
 */
export const quickRead: ActivityOptions = {
  startToCloseTimeout: 20 * SECOND,
  heartbeatTimeout: 10 * SECOND,
  scheduleToCloseTimeout: 5 * MINUTE,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: SECOND, backoffCoefficient: 2, maximumInterval: 15 * SECOND },
};

/** Changes on the server: a cancel waits until the call has come back, or the undo could overtake it. */
export const mutating: ActivityOptions = {
  startToCloseTimeout: 30 * SECOND,
  heartbeatTimeout: 10 * SECOND,
  // The deadline of a change is fifteen minutes, and it is the activity that says so.
  scheduleToCloseTimeout: 17 * MINUTE,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: SECOND, backoffCoefficient: 2, maximumInterval: 30 * SECOND },
};

/** How far the kill was, asked of Temporal itself: a cancel waits for it. */
export const progressRead: ActivityOptions = {
  startToCloseTimeout: 10 * SECOND,
  scheduleToCloseTimeout: MINUTE,
  retry: { initialInterval: SECOND, backoffCoefficient: 2, maximumInterval: 5 * SECOND },
};

/**
 * Reads of many rows: all pages of a search, a hundred bans. Tried as long as a ban is: who rides out a dead server there
 * must not have given up on it just before.
 */
export const longRead: ActivityOptions = {
  ...quickRead,
  startToCloseTimeout: 2 * MINUTE,
  scheduleToCloseTimeout: 15 * MINUTE,
};

/** A plan judges every hash of what it found, four at once on a server that may be slow: hundreds take minutes. */
export const planning: ActivityOptions = {
  ...longRead,
  startToCloseTimeout: 10 * MINUTE,
  scheduleToCloseTimeout: 30 * MINUTE,
};

/** Hold and give back: as a change, looked at more often, for the host waits for it. */
export const leaseCall: ActivityOptions = {
  ...mutating,
  retry: { initialInterval: SECOND, backoffCoefficient: 2, maximumInterval: 10 * SECOND },
};

/**
 * The activity that owns a Live Response session. Temporal's queue holds those who wait for a slot; three days without any
 * worker that has slots end it.
 */
export const liveResponse: ActivityOptions = {
  taskQueue: TASK_QUEUES.liveResponse,
  scheduleToStartTimeout: 72 * HOUR,
  startToCloseTimeout: 30 * MINUTE,
  heartbeatTimeout: 10 * SECOND,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: 2 * SECOND, backoffCoefficient: 2, maximumInterval: 30 * SECOND },
};

/** Looking after a session whose activity ended without a result. */
export const settleSession: ActivityOptions = {
  ...mutating,
  startToCloseTimeout: 3 * MINUTE,
  scheduleToCloseTimeout: 30 * MINUTE,
};

/** Undo: patient for a day, for there is nobody else who would do it. */
export const undoing: ActivityOptions = {
  startToCloseTimeout: 30 * SECOND,
  heartbeatTimeout: 10 * SECOND,
  scheduleToCloseTimeout: 24 * HOUR + 10 * MINUTE,
  retry: { initialInterval: SECOND, backoffCoefficient: 2, maximumInterval: 5 * MINUTE },
};

/**
 * Giving a hold back is looked at over and over until the sensor confirms, and each look is an attempt: a pause that grew with
 * them would leave a host cut off for minutes longer when a worker dies.
 */
export const givingBack: ActivityOptions = {
  ...undoing,
  retry: { initialInterval: SECOND, backoffCoefficient: 2, maximumInterval: 10 * SECOND },
};

/** A person waits for the answer: a server that does not answer is said to be silent after a minute. */
export const operatorRead: ActivityOptions = { ...quickRead, scheduleToCloseTimeout: MINUTE };

/** A look at every isolated sensor of a server. */
export const reconciling: ActivityOptions = {
  startToCloseTimeout: 10 * MINUTE,
  heartbeatTimeout: MINUTE,
  scheduleToCloseTimeout: 30 * MINUTE,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: SECOND, backoffCoefficient: 2, maximumInterval: 30 * SECOND },
};

/** Telling a receiver that may be down: for a day, then it is old news. */
export const notification: ActivityOptions = {
  startToCloseTimeout: 20 * SECOND,
  scheduleToCloseTimeout: 24 * HOUR,
  retry: { initialInterval: 2 * SECOND, backoffCoefficient: 2, maximumInterval: 15 * MINUTE },
};

/** The last read before the verdict: worth more patience than any other. */
export const lastRead: ActivityOptions = { ...quickRead, scheduleToCloseTimeout: 15 * MINUTE };

/**
 * A slow fact: a short activity that says "not yet" and names its next try. The server gives up early where a next try
 * would pass schedule-to-close, so that is the deadline and two minutes: the activity itself ends at the deadline.
 * A cancel does not wait for the look that is under way: it changes nothing. (The time-skipping server moreover forgets to
 * report the cancel of an activity that waits for its next try, so that waiting for it would never end there.)
 */
export function slowFact(deadline: number, now: number): ActivityOptions {
  return {
    // Longer than the time-out of its one request, so that it gets to answer "not met" itself.
    startToCloseTimeout: 25 * SECOND,
    // The next look must not wait for the time-out of one whose worker died.
    heartbeatTimeout: 10 * SECOND,
    scheduleToCloseTimeout: Math.max(0, deadline - now) + 2 * MINUTE,
    cancellationType: 'TRY_CANCEL',
    // Each look is an attempt: one whose worker died is taken up again no later for those before it.
    retry: { initialInterval: 2 * SECOND, backoffCoefficient: 1 },
  };
}

export const DEADLINES = {
  /** For the wish to be placed, and for a ban: as long as a changing activity is tried. */
  change: 15 * MINUTE,
  /** Waiting for a free Live Response slot is nobody's failure, but not endless. */
  freeSlot: 72 * HOUR,
  /** The index lags by minutes (API reference 5.3). */
  hashIndexed: 15 * MINUTE,
  /** For the release to be confirmed by the sensor, as an undo. */
  undo: 24 * HOUR,
  /** For giving back a hold whose wish was refused: there is nothing on the host to be waited for. */
  refusedHold: MINUTE,
} as const;

/** Of a run that waits: an offline host is looked out for so often at first, for when it comes back is not known. */
export const OFFLINE_LOOK_EVERY = 10 * SECOND;

/** Of a lease, which lives as long as somebody holds it. */
export const LEASE = {
  /** How long a wish that did not stay rests before it is written again: never fought in a loop (hazard H19). */
  placeAgain: 15 * SECOND,
  /** How long a refused or unconfirmed release rests before it is tried again. */
  releaseAgain: 10 * MINUTE,
  /** How long one look for the confirmed release lasts before the wish itself is read again. */
  confirmRelease: 24 * HOUR,
  confirmReleaseEvery: 2 * SECOND,
  /** One watch lasts a day at most, so that a lease without an end has a heartbeat in its history. */
  longestWatch: 24 * HOUR,
  /** A sensor that has not confirmed yet is looked at more often, but not for ever: it may be offline for weeks. */
  unconfirmedEvery: 30 * SECOND,
  unconfirmedFor: 10 * MINUTE,
  /** How long after its start an acquire may still come, at most: longer than any is valid. */
  latestAcquire: 20 * MINUTE,
} as const;

/** For the isolation fact: three check-in intervals, at least five minutes; for an offline host as long as it is waited for. */
export function isolationFactDeadline(checkin: Checkin, now: number, offlineForMs: number): number {
  if (!checkin.online) return now + offlineForMs;
  return now + Math.max(3 * checkin.intervalMs, 5 * MINUTE);
}

/** For Live Response on an online sensor, from its first slot: next check-in, two intervals and a minute, at least three minutes. */
export function liveResponseBudget(checkin: Checkin, now: number): number {
  // At most one interval: the time of the next check-in is the server's, and its clock may be another day's.
  const untilNext = Math.min(
    checkin.intervalMs,
    Math.max(0, (checkin.nextAt ?? now + checkin.intervalMs) - now),
  );
  return Math.max(3 * MINUTE, untilNext + 2 * checkin.intervalMs + MINUTE);
}

/**
 * How often to look for something that a check-in brings: a fifth of the interval, between a quarter and ten seconds. The
 * last interval of a host that is offline says nothing about its return.
 */
export function lookEvery(checkin: Checkin): number {
  if (!checkin.online) return 10 * SECOND;
  return Math.min(10 * SECOND, Math.max(250, Math.round(checkin.intervalMs / 5)));
}
