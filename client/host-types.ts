import type { Drift, Hold, IsoTime, WishState } from '../contract/index.js';

/** A hold with whether its holder still runs: `null` where nobody looked; a person's own hold has no run. */
export interface HeldBy extends Hold {
  running: boolean | null;
}

/** What is known of one host's isolation. An absent fact is `null`; times are ISO 8601 in UTC. */
export interface HostStatus {
  /** One sentence for people. */
  summary: string;
  hostname: string | null;
  sensorId: number;
  server: string | null;
  /** What the server was asked for, and what the sensor says of itself. */
  wish: boolean | null;
  fact: boolean | null;
  /** Whether the sensor checks in as expected. */
  online: boolean | null;
  lastCheckin: IsoTime | null;
  nextCheckin: IsoTime | null;
  leaseId: string;
  /** `ended-from-outside`: terminated or failed; what it held is in its memo, and `leases --reconcile` takes it up. */
  lease: 'running' | 'ended-from-outside' | 'none';
  /** What the lease is doing about the wish; `null` without a lease. */
  state: WishState | null;
  holds: HeldBy[];
  /** When the last hold ends by itself; `null`: until released, or nobody holds. */
  until: IsoTime | null;
  /** A holder still runs, and the end that was asked for counts from its end: `until` is the earliest. */
  untilIsEarliest: boolean;
  drift: Drift[];
  problem: { type: string; message: string } | null;
  /** How often people were reminded of it. */
  reminders: number;
  /** Who told: the sensor's record on the server now, the lease from its last look, or the memo of its lease without a worker. */
  source: 'sensor' | 'lease' | 'memo';
  asOf: IsoTime | null;
}
