import {
  type Drift,
  type Hold,
  type HostOverview,
  type IsoTime,
  leaseId,
  type LeaseCarried,
  type LeaseState,
} from '../contract/index.js';
import { hostSummary, isAnothersNow } from './host-summary.js';
import type { HeldBy, HostStatus } from './host-types.js';

type Known = Omit<HostStatus, 'summary' | 'until' | 'untilIsEarliest'>;

export function statusOfOverview(o: HostOverview, carried: LeaseCarried | null): HostStatus {
  const running = o.lease?.running === true ? o.lease : null;
  const lease = running ?? carried;
  return told({
    hostname: o.target.hostname,
    sensorId: o.target.sensorId,
    server: o.target.server,
    wish: o.wish,
    fact: o.fact,
    online: o.wish === null ? null : o.checkin.online,
    lastCheckin: isoOrNull(o.checkin.lastAt),
    nextCheckin: isoOrNull(o.checkin.nextAt),
    leaseId: leaseId(o.target.sensorId),
    lease: running !== null ? 'running' : carried !== null ? 'ended-from-outside' : 'none',
    state: lease?.wish ?? null,
    holds: (lease?.holds ?? []).map((h) => ({
      ...h,
      running: h.workflowId === null ? null : o.openHolds.includes(h.holdId),
    })),
    drift: lease?.drift ?? [],
    problem: lease?.problem ?? null,
    reminders: lease?.reminders ?? 0,
    source: 'sensor',
    asOf: isoOrNull(o.at),
  });
}

export function statusOfLease(s: LeaseState): HostStatus {
  return told({
    hostname: s.target.hostname,
    sensorId: s.target.sensorId,
    server: s.target.server,
    ...wishAndFact(s, s.fact),
    online: null,
    lastCheckin: null,
    nextCheckin: isoOrNull(s.nextCheckinAt),
    leaseId: s.leaseId,
    lease: 'running',
    state: s.wish,
    holds: s.holds.map(withRunning),
    drift: s.drift,
    problem: s.problem,
    reminders: s.reminders,
    source: 'lease',
    asOf: isoOrNull(s.seenAt ?? s.placedAt),
  });
}

/** Without a worker: what the lease wrote down last. */
export function statusOfMemo(
  carried: LeaseCarried,
  o: { sensorId: number; hostname: string | null; running: boolean },
): HostStatus {
  return told({
    hostname: o.hostname,
    sensorId: o.sensorId,
    server: null,
    ...wishAndFact(carried, null),
    online: null,
    lastCheckin: null,
    nextCheckin: null,
    leaseId: leaseId(o.sensorId),
    lease: o.running ? 'running' : 'ended-from-outside',
    state: carried.wish,
    holds: carried.holds.map(withRunning),
    drift: carried.drift,
    problem: carried.problem,
    reminders: carried.reminders,
    source: 'memo',
    asOf: isoOrNull(carried.confirmedAt ?? carried.placedAt),
  });
}

/**
 * When the host is released by itself: never while one hold has no end, or one that does not count, for a run that did not
 * end `contained` keeps its host past it, unless a person set that end.
 */
export function endOfHolds(holds: readonly Hold[]): IsoTime | null {
  let last: IsoTime | null = null;
  for (const { until, keptBecause, workflowId, verdict, endAskedBy } of holds) {
    const counts = workflowId === null || verdict === null || verdict === 'contained' || endAskedBy !== null;
    if (until === null || keptBecause !== null || !counts) return null;
    if (last === null || until > last) last = until;
  }
  return last;
}

function told(known: Known): HostStatus {
  const until = endOfHolds(known.holds);
  const open = known.holds.some((h) => h.workflowId !== null && h.verdict === null && h.running !== false);
  const status = { ...known, until, untilIsEarliest: until !== null && open };
  return { summary: hostSummary(status), ...status };
}

/**
 * Wish and fact as the lease saw them last. A drift says what became of them since; what was seen before a sensor was gone,
 * replaced or told to release says nothing of the host now.
 */
function wishAndFact(
  { wish, drift, confirmedAt }: Pick<LeaseCarried, 'wish' | 'drift' | 'confirmedAt'>,
  fact: boolean | null,
): { wish: boolean | null; fact: boolean | null } {
  const is = (kind: Drift['kind']): boolean => drift.some((d) => d.kind === kind);
  if (isAnothersNow(drift)) return { wish: null, fact: null };
  const standing = wish === 'placed' || wish === 'foreign' ? !is('wish-withdrawn') : null;
  if (standing === false) return { wish: false, fact: fact === false ? false : null };
  return {
    wish: wish === 'released' ? false : standing,
    fact: is('isolation-lost') ? false : (fact ?? (standing === true && confirmedAt !== null ? true : null)),
  };
}

/** A run that told its verdict has ended; of another one only a look would tell. */
function withRunning(hold: Hold): HeldBy {
  return { ...hold, running: hold.workflowId !== null && hold.verdict !== null ? false : null };
}

function isoOrNull(at: number | null): IsoTime | null {
  return at === null ? null : new Date(at).toISOString();
}
