import type { Checkin } from './checkin.js';
import type { LeaseState } from './lease.js';
import type { Target } from './target.js';

/** Argument of the workflow `lookup`: a host name, a sensor id, or `sensor-<n>` as a host name. */
export interface LookupInput {
  hostname?: string;
  sensorId?: number;
}

/** What the operator verbs need to know of one host. */
export interface HostOverview {
  target: Target;
  checkin: Checkin;
  /** `null`: the server does not know the sensor any more, and `target` is what its lease wrote down. */
  wish: boolean | null;
  fact: boolean | null;
  supportsIsolation: boolean;
  /** The lease's last run; `null` when there never was one. */
  lease: (LeaseState & { running: boolean }) | null;
  /** Holds whose run still runs. */
  openHolds: string[];
  at: number;
}

export interface ReconcileInput {
  /** Take foreign isolations over as this person's own holds. */
  adopt: boolean;
  /** Only look; change nothing. */
  dryRun: boolean;
  who: string | null;
  reason: string | null;
}

/** The server's isolated sensors against the leases. */
export interface Reconciliation {
  server: string;
  rows: ReconcileRow[];
  /** How many sensors the server showed. */
  sensors: number;
  at: number;
}

export interface ReconcileRow {
  sensorId: number;
  hostname: string;
  wish: boolean | null;
  fact: boolean | null;
  leaseId: string;
  /**
   * `held`: wish and lease agree · `taken-up`: ours, its lease was ended from outside and runs again · `orphaned`: the same,
   * not taken up (dry run) · `foreign`: nobody of us isolated it · `adopted` · `drifted`: held, and the wish is gone ·
   * `missing`: held, and the sensor is gone · `releasing`: the wish stands, and its lease is releasing it.
   */
  state: 'held' | 'taken-up' | 'orphaned' | 'foreign' | 'adopted' | 'drifted' | 'missing' | 'releasing';
  holds: string[];
  what: string;
}
