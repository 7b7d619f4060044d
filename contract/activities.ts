import type { Objection } from './objection.js';
import type { PlaybookEvent } from './event.js';
import type { Surroundings } from './surroundings.js';
import type { DriftPolicy } from './drift-policy.js';
import type { DriftReport, LeaseState, WatchInput, WatchResult } from './lease.js';
import type { CheckedRequest, ProcessSelector } from './request.js';
import type { ProcessReport } from './process-report.js';
import type { BanReport, EvidenceReport, SessionReport } from './receipt.js';
import type { Evidence, FrozenPolicy, OverridableRule, Policy, RespawnPolicy } from './policy.js';
import type { FrozenTarget, Target } from './target.js';

/** Who does something: written into ban texts, holds and receipts. */
export interface RunIdentity {
  workflowId: string;
  runId: string;
  who: string | null;
  reason: string | null;
}

/** All times that activities exchange are milliseconds since 1970. */
export interface Checkin {
  intervalMs: number;
  lastAt: number | null;
  nextAt: number | null;
  /** False when the sensor is past its expected check-in, or says it is offline. */
  online: boolean;
  /** Changes at every start of the host; `null` where the server does not say. */
  bootId: string | null;
}

export interface ResolveResult {
  target: Target;
  checkin: Checkin;
  wish: boolean;
  fact: boolean;
  supportsIsolation: boolean;
  supportsLiveResponse: boolean;
  surroundings: Surroundings;
  /** The worker's policy, made stricter by the request's: frozen for the whole run. */
  guard: FrozenPolicy;
  /** The worker's clock when it answered. */
  at: number;
  /** Workers of this version serve `readProgress`; histories of older ones know nothing of it. */
  readsProgress?: true;
}

export interface PreflightResult {
  objections: Objection[];
  notes: string[];
  /** Whether a ban is enforced on the target: server and group both have banning on; `null` where it could not be read. */
  banningEnforced: boolean | null;
  /** Live Response sessions of this sensor that others hold. */
  occupiedSessions: number[];
  /** What would have been an objection, had nobody overridden the rule. */
  letThrough: { rule: OverridableRule; what: string }[];
}

export interface IsolateInput {
  target: FrozenTarget;
  run: RunIdentity;
  holdId: string;
  /** After this moment nothing is changed any more. */
  deadline: number;
  leaseMs: number | null;
  onDrift: DriftPolicy;
}

export interface IsolateResult {
  leaseId: string;
  leaseRunId: string;
  /** The wish before any of our leases touched this sensor: somebody else's isolation when true. */
  foreign: boolean;
  /** Whether the wish stood already when this hold was taken (foreign, or by another holder). */
  alreadyWished: boolean;
  /** When the wish was written, or found. */
  requestedAt: number;
  /** See {@link FactInput}. */
  staleCheckin?: number | null;
}

export interface FactInput {
  target: FrozenTarget;
  deadline: number;
  /** How often to look, from the check-in interval. */
  everyMs: number;
  /**
   * The sensor's last check-in when the wish was written, where the fact said already what is waited for, or may be behind: a sensor
   * picks a wish up at one check-in and reports at a later one (API reference 3.6), so what it reported by then is no answer to
   * this wish. `null`, or absent: any fact counts.
   */
  staleCheckin?: number | null;
}

export interface FactResult {
  met: boolean;
  lastSeen: { wish: boolean | null; fact: boolean | null };
  at: number;
}

export interface OnlineInput extends FactInput {
  /** A check-in counts only when it is later than this one: "Online" alone may be five minutes old (hazard H14). */
  newerThan: number | null;
}

export interface OnlineResult {
  met: boolean;
  checkin: Checkin;
  at: number;
}

export interface UnisolateInput {
  target: FrozenTarget;
  /** Whether the wish stood when the run began: then it may be somebody else's. */
  wishedBefore: boolean;
  run: RunIdentity;
  holdId: string;
  reason: string;
  deadline: number;
  everyMs: number;
}

export interface UnisolateResult {
  /** `left`: our hold is given back, but others stand, or the host was isolated before us. */
  outcome: 'undone' | 'left' | 'failed' | 'nothing-to-undo';
  why: string | null;
  at: number;
  /** With `left`: the sensor was deleted or registered anew, and our wish went with it. */
  sensorGone?: true;
}

/** Tells a lease how the containment of a hold ended, and from when its end counts. */
export interface SettleHoldInput {
  target: FrozenTarget;
  holdId: string;
  verdict: string;
  leaseMs: number | null;
}

export interface HostState {
  wish: boolean | null;
  fact: boolean | null;
  /** Whether our own hold still stands on a running lease. */
  holdStands: boolean;
  expiresAt: number | null;
  /** What its lease knows of drift, past and present; empty without a lease. */
  drift: DriftReport[];
  at: number;
}

/** A selector with the number it has on the run's work list. */
export interface NumberedSelector {
  n: number;
  selector: ProcessSelector;
  banScope: CheckedRequest['banScope'];
}

export interface EnumerateAndKillInput {
  target: FrozenTarget;
  run: RunIdentity;
  selectors: NumberedSelector[];
  checkin: Checkin;
  /** From the first Live Response slot on; a pending session that times out is no failure before that. */
  deadlineAfterSlotMs: number;
  /** After this moment no session is opened any more, slot or no slot. */
  latest: number;
  respawnRounds: number;
  /** `report`: what comes back after a kill is named and left alive. */
  respawn: RespawnPolicy;
  /** `plan`: lists, matches and hashes, and kills nothing. */
  mode: 'kill' | 'plan';
  /** What a person approved: a match that is not among these ends the activity with `changed`, before any kill. `null`: all. */
  approved: { path: string; md5: string | null }[] | null;
  /** Base names or full paths of the policy, beside the built-in list. */
  protectedProcesses: string[];
  evidence: Evidence;
  /** What the run killed before, in activities of their own: what is younger came back. Older inputs lack it. */
  earlierKills?: EarlierKills | null;
}

/** All that a kill must know of the kills of its run before it. */
export interface EarlierKills {
  /** See {@link KillProgress.newestBeforeKills}. */
  newestBeforeKills: string | null;
  /** Rounds of kills, the first one included. */
  rounds: number;
}

/** Why `enumerateAndKill` ended: `done` means a fresh list showed no live match that can still be killed. */
export type KillEnd = 'done' | 'cancelled' | 'deadline' | 'refused' | 'changed';

export interface EnumerateAndKillResult {
  end: KillEnd;
  /** Why it is not `done`. */
  problem: { type: string; message: string } | null;
  /** Whether at least one process list came back. */
  listed: boolean;
  processes: (ProcessReport & { selectors: number[] })[];
  /** Matches that the last list showed alive, protected ones included; `null` when no list came. */
  liveMatches: number | null;
  /** Selectors that matched nothing, neither alive nor in the index. */
  unmatched: number[];
  nearestNames: string[];
  /** Paths whose hash was needed for a selector and could not be had: they may match. */
  unhashed?: string[];
  sessions: SessionReport[];
  /**
   * A request that opens a session got no readable answer, and nobody found out what became of it: the server's sessions
   * before it, and the Cb user that posts our commands. Older results lack it.
   */
  lostOpen?: Pick<KillProgress, 'sessionsBefore' | 'askedTimeoutS' | 'username'> | null;
  lastListAt: number | null;
  notes: string[];
  evidence: EvidenceReport[];
  /** Kills of the run so far, those of the input included; `null`: none. Older results lack it. */
  earlierKills?: EarlierKills | null;
}

/** Heartbeat details of `enumerateAndKill`: all that another worker needs to go on without doing anything twice. */
export interface KillProgress {
  startedAt: number;
  /** From when the step's deadline counts as long as no slot was had: the start, or the last "all taken". */
  budgetFrom: number;
  /** When the first slot was had; the step's deadline counts from here. */
  slotAt: number | null;
  /** Ids of the server's sessions listed before one was opened: the checkpoint that tells ours from others'. */
  sessionsBefore: number[] | null;
  /** The `checkin_timeout` that was asked for with it, seconds: another session shows another one. Older progress lacks it. */
  askedTimeoutS?: number | null;
  sessionId: number | null;
  sessionOurs: boolean;
  /** The Cb user that posts our commands, once known. */
  username: string | null;
  round: number;
  listed: boolean;
  liveMatches: number | null;
  lastListAt: number | null;
  instances: KillInstance[];
  /** The youngest process on the lists before the first kill, as its GUID tells: what is younger came back. */
  newestBeforeKills: string | null;
  /** From when the time for evidence counts. */
  evidenceFrom: number | null;
  evidence: EvidenceReport[];
  sessions: SessionReport[];
  notes: string[];
}

export interface KillInstance extends ProcessReport {
  selectors: number[];
  /** Ids of our kill commands against it, each with the session it was posted in. */
  kills: { sessionId: number; commandId: number }[];
  /** The server said that there is no such pid: a fresh list decides whether it was gone already. */
  noSuchPid: boolean;
  /** The host refused the kill: another one would be refused too. */
  denied: boolean;
}

export interface SettleSessionInput {
  target: FrozenTarget;
  run: RunIdentity;
  progress: KillProgress | null;
}

export interface SettleSessionResult {
  processes: (ProcessReport & { selectors: number[] })[];
  liveMatches: number | null;
  listed: boolean;
  sessions: SessionReport[];
  evidence: EvidenceReport[];
  /** `null`: the activity before killed nothing. Older results lack it. */
  earlierKills?: EarlierKills | null;
}

export interface BanState {
  md5: string;
  /** `null`: no such ban. */
  before: { enabled: boolean; text: string; username: string | null } | null;
}

export interface BanInput {
  target: FrozenTarget;
  run: RunIdentity;
  md5: string;
  before: BanState['before'];
  deadline: number;
}

export interface UnbanResult {
  outcome: 'undone' | 'left' | 'failed' | 'nothing-to-undo';
  why: string | null;
  at: number;
}

export type BanResult = Pick<BanReport, 'outcome' | 'why'> & { at: number };

export interface HashLookup {
  target: FrozenTarget;
  guid: string;
  path: string;
  deadline: number;
  everyMs: number;
}

export interface HashResult {
  md5: string | null;
  /** Whether the GUID itself was found, or another start of the same path on the same sensor. */
  by: 'guid' | 'path' | null;
  at: number;
}

export interface HashesByNameInput {
  target: FrozenTarget;
  name: string;
  /** Of the frozen policy. Runs of older versions do not say. */
  protectedProcesses?: string[];
}

export interface HashesByNameResult {
  /** Upper case. */
  md5s: string[];
  /** Seen under a protected path too: they are not among the others, and not to be banned. */
  protectedMd5s: string[];
  incomplete: boolean;
}

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

export interface WishReading {
  surroundings: Surroundings;
  wish: boolean;
  fact: boolean;
  groupId: number;
  at: number;
  /** When the sensor checked in last, ms since 1970; absent in histories of before. */
  lastCheckin?: number | null;
}
