import type { FrozenTarget } from './activities.js';
import type { BanReport, IsolationReport, IsoTime, Problem, Receipt, Requester, Target } from './receipt.js';
import type { ContainRequest, FailurePolicy } from './request.js';
import type { Verdict } from './verdict.js';

/** Update `join`: adds a request to a running containment. */
export interface JoinArgs {
  request: ContainRequest;
  /** Fresh for each call; the same one in the memo (`startedBy`) marks the call that started the run. */
  callId?: string;
}

export interface JoinResult {
  workflowId: string;
  runId: string;
  /** False for the call that started the run. */
  joined: boolean;
}

/** Update `failurePolicy`: changes what a cancel or a failure does from now on. */
export interface FailurePolicyArgs {
  policy: FailurePolicy;
  who?: string;
  why?: string;
}

/** Steps of a containment as the search attribute `CbStep` and `status` name them. */
export const STEPS = [
  'resolve',
  'preflight',
  'isolate',
  'wait-online',
  'enumerate-and-kill',
  'ban',
  'confirm-isolation',
  'undo',
  'settle',
  'closed',
] as const;
export type Step = (typeof STEPS)[number];

/** Answer of the query `status`. */
export interface ContainmentStatus {
  workflowId: string;
  runId: string;
  step: Step;
  verdict: Verdict | null;
  /** One sentence for people. */
  summary: string;
  target: Target | null;
  isolation: IsolationReport;
  requestedBy: Requester[];
  failurePolicy: FailurePolicy;
  processes: { total: number; dead: number; alive: number };
  bans: Pick<BanReport, 'md5' | 'outcome'>[];
  problems: Problem[];
  waitingFor: { what: string; deadline: IsoTime | null }[];
  startedAt: IsoTime;
  updatedAt: IsoTime;
  receipt: Receipt | null;
}

/** One holder's claim on an isolation lease. Times are ISO 8601 in UTC. */
export interface Hold {
  holdId: string;
  workflowId: string | null;
  runId: string | null;
  who: string | null;
  reason: string | null;
  since: IsoTime;
  /** When it ends by itself, or `null`: until it is given back. */
  until: IsoTime | null;
  /** How its containment ended; `null` while it runs. */
  verdict: string | null;
  /** Whether the wish stood already when this hold was taken; `null` until it was read. */
  alreadyWished: boolean | null;
  /** Why it still stands although its end has come; `null` as long as that is not so. */
  keptBecause: string | null;
}

/** Update `acquire` on a lease. */
export interface AcquireArgs {
  holdId: string;
  workflowId?: string;
  runId?: string;
  who?: string | null;
  reason?: string | null;
  /** An acquire that arrives later is refused. Milliseconds since 1970. */
  validUntil: number;
  leaseMs?: number | null;
}

/** Update `release` on a lease. Of an unknown hold it leaves a tombstone until `validUntil`. */
export interface ReleaseArgs {
  holdId: string;
  who?: string | null;
  reason?: string | null;
  validUntil?: number;
}

/** Update `extend` on a lease: sets a hold's end, counted from now; `null` for "until released". */
export interface ExtendArgs {
  holdId: string;
  leaseMs: number | null;
  verdict?: string;
  who?: string | null;
}

/** What a lease knows of the wish it is responsible for. */
export type WishState =
  /** To be read, and written where it does not stand. */
  | 'placing'
  /** It stands, and we wrote it. */
  | 'placed'
  /** It stands, and somebody else wrote it: never withdrawn by us. */
  | 'foreign'
  /** The server refuses to write it; `problem` says why. */
  | 'refused'
  /** To be withdrawn, or withdrawn and the sensor has not confirmed yet. */
  | 'releasing'
  /** Withdrawn, and the sensor says it is not isolating; or never written. */
  | 'released'
  /** The server refuses to withdraw it, or the sensor did not confirm in time. */
  | 'release-pending';

/** Answer of the query `holds`, and result of a lease that closed. */
export interface LeaseState {
  leaseId: string;
  runId: string;
  target: FrozenTarget;
  /** The wish before this lease touched it; `null` while unread. True: somebody else's isolation. */
  before: boolean | null;
  wish: WishState;
  placedAt: number | null;
  releasedAt: number | null;
  holds: Hold[];
  problem: { type: string; message: string } | null;
  closing: boolean;
}

/** Argument of `isolationLease`. */
export interface LeaseInput {
  target: FrozenTarget;
  /** What a continued run carries over; absent at the start. */
  carried?: LeaseCarried;
}

export interface LeaseCarried {
  wish: WishState;
  ours: boolean;
  before: boolean | null;
  placedAt: number | null;
  releasedAt: number | null;
  holds: Hold[];
  /** Holds given back before they came, each with the moment until which an acquire of it is refused. */
  tombstones: { holdId: string; until: number }[];
  problem: { type: string; message: string } | null;
}
