import type {
  BanInput,
  BanResult,
  BanState,
  HashLookup,
  HashResult,
  HashesByNameInput,
  HashesByNameResult,
  UnbanResult,
} from './ban-activities.js';
import type { PlaybookEvent } from './event.js';
import type {
  FactInput,
  FactResult,
  HostState,
  IsolateInput,
  IsolateResult,
  OnlineInput,
  OnlineResult,
  SettleHoldInput,
  UnisolateInput,
  UnisolateResult,
  WishReading,
} from './isolation-activities.js';
import type {
  EnumerateAndKillInput,
  EnumerateAndKillResult,
  KillProgress,
  SettleSessionInput,
  SettleSessionResult,
} from './kill-activities.js';
import type { WatchInput, WatchResult } from './lease.js';
import type { HostOverview, LookupInput, ReconcileInput, Reconciliation } from './lookup-activities.js';
import type { OverridableRule, Policy } from './policy.js';
import type { CheckedRequest } from './request.js';
import type { PreflightResult, ResolveResult } from './resolve-activities.js';
import type { FrozenTarget, Target } from './target.js';

/** Activities of `containEndpoint`, as its workflow calls them. */
export interface ContainActivities {
  resolve: (input: {
    hostname: string | null;
    sensorId: number | null;
    /** The policy that came with the request. */
    policy: Policy | null;
  }) => Promise<ResolveResult>;
  preflight: (input: {
    target: Target;
    requests: Pick<CheckedRequest, 'isolate' | 'kill' | 'selector' | 'banMd5' | 'banScope'>[];
    /** Of the frozen policy. */
    policy: Policy;
    overrides: OverridableRule[];
    supportsIsolation: boolean;
    supportsLiveResponse: boolean;
  }) => Promise<PreflightResult>;
  isolate: (input: IsolateInput) => Promise<IsolateResult>;
  awaitIsolation: (input: FactInput) => Promise<FactResult>;
  awaitOnline: (input: OnlineInput) => Promise<OnlineResult>;
  unisolate: (input: UnisolateInput) => Promise<UnisolateResult>;
  settleHold: (input: SettleHoldInput) => Promise<{ expiresAt: number | null }>;
  /** `fact` is `null` where it is older than the wish (`staleCheckin`, see {@link FactInput}). */
  readHostState: (input: {
    target: FrozenTarget;
    holdId: string | null;
    staleCheckin?: number | null;
  }) => Promise<HostState>;
  readBans: (input: { target: FrozenTarget; md5s: string[] }) => Promise<BanState[]>;
  ban: (input: BanInput) => Promise<BanResult>;
  unban: (input: BanInput) => Promise<UnbanResult>;
  hashesByName: (input: HashesByNameInput) => Promise<HashesByNameResult>;
  awaitHash: (input: HashLookup) => Promise<HashResult>;
  settleSession: (input: SettleSessionInput) => Promise<SettleSessionResult>;
}

/** The one activity that owns a Live Response session; it has a task queue of its own. */
export interface LiveResponseActivities {
  enumerateAndKill: (input: EnumerateAndKillInput) => Promise<EnumerateAndKillResult>;
}

/** Activities of `isolationLease`: the only ones that write the wish. */
export interface LeaseActivities {
  /** Reads wish and fact, and the group that a PUT of the wish must repeat (API reference 3.7). */
  readWish: (input: { target: FrozenTarget }) => Promise<WishReading>;
  /** Writes the wish and reads it back. After `deadline` it writes nothing and fails, `DeadlinePassed`. */
  writeWish: (input: {
    target: FrozenTarget;
    groupId: number;
    wanted: boolean;
    deadline: number;
  }) => Promise<Omit<WishReading, 'surroundings'>>;
  awaitRelease: (input: FactInput) => Promise<FactResult>;
  watchIsolation: (input: WatchInput) => Promise<WatchResult>;
  isRunOpen: (input: { workflowId: string; runId: string }) => Promise<boolean>;
}

/** Activities of the runs beside: notifications, look-ups, reconciliation. */
export interface SideActivities {
  /** Starts a run of its own that tells one event; the same id again starts no second. */
  announce: (input: { notificationId: string; event: PlaybookEvent }) => Promise<void>;
  notify: (event: PlaybookEvent) => Promise<{ told: boolean }>;
  lookUp: (input: LookupInput) => Promise<HostOverview>;
  reconcile: (input: ReconcileInput) => Promise<Reconciliation>;
  /** What the last heartbeat of a run's `enumerateAndKill` told; `null` where none runs, or none was sent. */
  readProgress: (input: { workflowId: string; runId: string }) => Promise<KillProgress | null>;
}
