import type { ContainRequest, LeaseCarried, LeaseState, Receipt } from '../../contract/index.js';
import type { JournalEntry, LedgerEntry, SessionState, SimulatorState } from '../../simulator/index.js';
import type { HostPlan, Schedule } from './schedule.js';

/** One run of a containment, as it was seen from outside. Times in ms since 1970, on Temporal's clock. */
export interface RunSeen {
  workflowId: string;
  runId: string;
  sensorId: number;
  /** What it was started with, and what was told "joined". */
  requests: ContainRequest[];
  /** What was told that nobody knows for certain whether it is in. */
  unsure: ContainRequest[];
  startedAt: number;
  /** `null`: it had not ended when it should have. */
  endedAt: number | null;
  closed: string | null;
  receipt: Receipt | null;
  /**
   * The same from `from` to `to` on the simulator's clock, which in skipped time runs ahead of Temporal's: what activities wait
   * for passes on it alone. The ledger is written by it.
   */
  span: { from: number; to: number | null };
  /** Type of the failure that closed it. */
  type: string | null;
  /** Open Live Response sessions of its sensor when its end was noticed. */
  openAtEnd: SessionState[];
}

/** The latest run of a lease, at rest. */
export interface LeaseSeen {
  sensorId: number;
  /** Of Temporal: RUNNING, COMPLETED, TERMINATED, … */
  status: string;
  state: LeaseState | LeaseCarried | null;
}

/** What somebody did, and what came of it. `code`: that of a refusal; `null`: it was done. */
export interface DeedSeen {
  what: string;
  sensorId: number | null;
  md5: string | null;
  at: number;
  settledAt: number | null;
  code: string | null;
  message: string | null;
}

/** All that invariants are checked on. */
export interface Seen {
  schedule: Schedule;
  /** Of every schedule that was played in the same world. */
  worldHosts: HostPlan[];
  atStart: SimulatorState;
  atRest: SimulatorState;
  ledger: LedgerEntry[];
  journal: JournalEntry[];
  runs: RunSeen[];
  leases: LeaseSeen[];
  deeds: DeedSeen[];
  /** When faults were lifted, on Temporal's clock. */
  liftedAt: number;
  restAt: number;
  /** Faults that struck, by kind. */
  struck: Record<string, number>;
}
