import { workflowInfo } from '@temporalio/workflow';
import {
  type BanReport,
  type CheckedRequest,
  type Checkin,
  type ContainRequest,
  DEFAULT_POLICY,
  type EarlierKills,
  type EnumerateAndKillResult,
  type EventKind,
  type EvidenceReport,
  type FailurePolicy,
  type FrozenPolicy,
  type FrozenTarget,
  type Gap,
  type HostState,
  type IsolationReport,
  type OverridableRule,
  type OverrideReport,
  type PlaybookEvent,
  type Problem,
  type ProcessReport,
  protectedFromKill,
  type Receipt,
  type Requester,
  type ResolveResult,
  type RunIdentity,
  type SessionReport,
  type Step,
  type UndoReport,
} from '../contract/index.js';
import { ApprovalState } from './approval-state.js';
import { BanWork } from './ban-work.js';
import type { AttributeValues } from './search-attributes.js';
import { SelectorWork } from './selector-work.js';
import { iso, now } from './time.js';
import { type UndoOutcome, UndoStack } from './undo-stack.js';

/** All that one run knows. Steps change it, `judge` reads it, the receipt shows it; nothing here awaits. */
export class Containment {
  readonly workflowId = workflowInfo().workflowId;
  readonly runId = workflowInfo().runId;
  readonly startedAt = workflowInfo().startTime.getTime();
  readonly undo = new UndoStack();
  readonly approval = new ApprovalState();

  /** Search attributes as they were upserted last. */
  readonly shown: AttributeValues = {};

  /** What the run works on; while it asks, other steps may go on beside the question. */
  step: Step = 'resolve';
  /** How many steps wait for a person's answer. */
  waitingForAnswer = 0;
  /** The merged request: the stricter of all that were asked for. */
  wanted: CheckedRequest;
  readonly requestedBy: Requester[] = [];
  readonly requestIds: string[] = [];
  policy: { policy: FailurePolicy; changedBy: string | null; why: string | null };

  resolved: ResolveResult | null = null;
  /** The policy this run goes by until its end; `null` until the host is found. */
  frozen: FrozenPolicy | null = null;
  /** Rules that the first request overrides: who joins later overrides nothing. */
  readonly overrides: OverrideReport[];
  /** Requests that joined before the policy was known: its defaults are still to be put in. */
  readonly earlyJoins: CheckedRequest[] = [];
  banningEnforced: boolean | null = null;
  readonly notes: string[] = [];

  isolation: IsolationReport = {
    outcome: 'skipped',
    requestedAt: null,
    confirmedAt: null,
    leaseId: null,
    expiresAt: null,
  };
  holdTaken = false;
  /** The lease said at settle that the hold does not stand any more. */
  holdLost = false;
  /** How the hold was given back at once, where the server refused its wish. */
  refusedHoldGiven: UndoOutcome | null = null;
  /** Whether the wish stood already when our hold was taken: by somebody else, or by another holder. */
  alreadyIsolated = false;
  /** An isolation that the sensor reported by this check-in is older than our wish; `null`: any report counts. */
  staleCheckin: number | null = null;
  /** Whether it was said that a worker's clock is far off. */
  skewNoted = false;
  hostState: HostState | null = null;

  readonly selectors = new SelectorWork();
  readonly toBan = new BanWork();
  /** Hashes that some protected process was seen with, on any host. */
  readonly protectedMd5s = new Set<string>();

  readonly processes = new Map<string, ProcessReport>();
  lastListAt: number | null = null;
  listed = false;
  nearestNames: string[] = [];
  readonly sessions: SessionReport[] = [];
  readonly evidence: EvidenceReport[] = [];
  /** What the kills so far left for those of a join, or of the next approved round. */
  earlierKills: EarlierKills | null = null;
  readonly bans = new Map<string, BanReport>();
  readonly hashUnknown = new Set<string>();

  /** The first step that could not be carried out; facts about the host are no failures. */
  failed: Problem | null = null;
  readonly problems: Problem[] = [];
  private readonly told = new WeakSet();
  readonly deadlinesPassed: { waitingFor: string; deadline: string }[] = [];
  readonly waitingFor = new Map<string, number | null>();
  undone: UndoReport[] | null = null;
  settling = false;
  /** An offline host did not come back, and the request says to withdraw the wish then. */
  withdraw = false;
  /** Asks the root scope; set by the workflow itself. */
  isCancelled: () => boolean = () => false;
  /** An offline host was waited for as long as it is, and did not come back. */
  waitedInVain = false;

  constructor(
    readonly input: ContainRequest,
    readonly first: CheckedRequest,
  ) {
    this.wanted = { ...first, banMd5: [] };
    this.policy = { policy: first.onFailure, changedBy: null, why: null };
    const { requestedBy: who, reason: why } = first;
    this.overrides = first.overrides.map((rule) => ({ rule, who, why, letThrough: null }));
    this.take(first, false);
  }

  /** Puts a request on the work lists and into `requestedBy`. */
  take(request: CheckedRequest, joined: boolean): void {
    if (request.requestId !== null) this.requestIds.push(request.requestId);
    this.requestedBy.push({
      who: request.requestedBy,
      reason: request.reason,
      at: iso(now()),
      selector: request.selector,
      joined,
      requestId: request.requestId,
    });
    const { selector } = request;
    const name = selector?.name ?? selector?.path;
    if (name !== undefined) this.toBan.addName(name);
    if (request.kill && selector !== null) this.selectors.add(selector, request.banScope);
    this.wanted.banMd5.push(...this.toBan.give(request.banMd5));
  }

  /** Names under which every hash is still to be banned: only where somebody asked for that scope (hazard H7). */
  takeNamesToBan(): string[] {
    return this.wanted.banScope === 'name' ? this.toBan.takeNames() : [];
  }

  /** Matched instances whose hashes are still to be banned; those alive too, for a ban stops running copies. */
  takeInstancesToBan(): ProcessReport[] {
    return this.wanted.banScope === 'none' ? [] : this.toBan.takeInstances(this.unprotected);
  }

  private get unprotected(): ProcessReport[] {
    return [...this.processes.values()].filter((p) => !this.isProtected(p));
  }

  /** Left alive, or dead already and left alone when it starts again. */
  isProtected({ outcome, path }: ProcessReport): boolean {
    if (outcome === 'protected') return true;
    const { protectedProcesses } = this.guard.policy;
    return (
      outcome === 'already-gone' && protectedFromKill(path, this.target.osType, protectedProcesses) !== null
    );
  }

  /** Hashes that a protected process runs: their ban would stop it. */
  get hashesOfProtected(): Set<string> {
    const running = [...this.processes.values()].filter((p) => this.isProtected(p));
    return new Set([...this.protectedMd5s, ...running.flatMap((p) => (p.md5 === null ? [] : [p.md5]))]);
  }

  get hasMoreToBan(): boolean {
    const { banScope } = this.wanted;
    if (banScope === 'name' && this.toBan.freshNames.length > 0) return true;
    return banScope !== 'none' && this.toBan.freshInstances(this.unprotected).length > 0;
  }

  /** The policy in force: the built-in one as long as none is known. */
  get guard(): FrozenPolicy {
    return this.frozen ?? { policy: DEFAULT_POLICY, digest: '', name: 'built-in' };
  }

  /** An override has let something through, in words. */
  letThrough(rule: OverridableRule, what: string): void {
    const override = this.overrides.find((o) => o.rule === rule);
    if (override === undefined) return;
    override.letThrough = override.letThrough === null ? what : `${override.letThrough}; ${what}`;
  }

  get target(): FrozenTarget {
    if (this.resolved === null) throw new TypeError('The target is not resolved yet.');
    return this.resolved.target;
  }

  get host(): string {
    return this.resolved?.target.hostname ?? this.wanted.hostname ?? `sensor ${this.wanted.sensorId}`;
  }

  get checkin(): Checkin {
    if (this.resolved === null) throw new TypeError('The target is not resolved yet.');
    return this.resolved.checkin;
  }

  get identity(): RunIdentity {
    const { requestedBy: who, reason } = this.wanted;
    return { workflowId: this.workflowId, runId: this.runId, who, reason };
  }

  get holdId(): string {
    return `${this.workflowId}/${this.runId}`;
  }

  /** Notes what went wrong, once for each error, however many hands it goes through. */
  fail(problem: Problem, err: unknown): void {
    if (typeof err === 'object' && err !== null) {
      if (this.told.has(err)) return;
      this.told.add(err);
    }
    this.problems.push(problem);
    this.failed ??= problem;
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  deadlinePassed(waitingFor: string, deadline: number): void {
    this.deadlinesPassed.push({ waitingFor, deadline: iso(deadline) });
  }

  /** Results in the histories of older versions have no evidence, and tell nothing of earlier kills. */
  takeKills(
    result: Pick<EnumerateAndKillResult, 'processes' | 'sessions' | 'listed'> & {
      evidence?: EvidenceReport[];
      earlierKills?: EarlierKills | null;
    },
  ): void {
    this.listed ||= result.listed;
    this.evidence.push(...(result.evidence ?? []));
    this.earlierKills = result.earlierKills ?? this.earlierKills;
    for (const { selectors: _, ...process } of result.processes) {
      const known = this.processes.get(process.guid);
      // What this run killed stays killed: a later round only finds it gone.
      if (known?.outcome === 'killed' && process.outcome === 'already-gone') continue;
      this.processes.set(process.guid, process);
    }
    for (const session of result.sessions) {
      const known = this.sessions.findIndex((s) => s.id === session.id);
      if (known >= 0) this.sessions[known] = session;
      else this.sessions.push(session);
    }
  }

  /** Matches that a list has shown and that are not confirmed dead. */
  get liveMatches(): ProcessReport[] {
    return [...this.processes.values()].filter((p) => p.outcome !== 'killed' && p.outcome !== 'already-gone');
  }

  /** Whether the run settles, was cancelled, or is about to be undone: who joins now would only read how it ended. */
  get endsSoon(): boolean {
    return this.settling || this.isCancelled() || (this.failed !== null && this.undoesOnFailure);
  }

  /** Whether a failure or cancel undoes what was done: nobody wants a live implant back on the network. */
  get undoesOnFailure(): boolean {
    if (this.policy.policy === 'keep' || this.policy.policy === 'ask') return false;
    return this.policy.policy === 'release' || this.liveMatches.length === 0;
  }

  get isAsking(): boolean {
    return this.waitingForAnswer > 0 && this.policy.policy === 'ask';
  }

  /** The step as it is shown: a person who looks must see first that an answer is wanted. */
  get shownStep(): Step {
    if (this.isAsking) return 'ask';
    return this.approval.question === null ? this.step : 'approval';
  }

  /** Whether there is a receiver. Before the host is found that is not known: then the activity itself finds out. */
  get notifies(): boolean {
    return this.resolved?.surroundings.notify !== 'none';
  }

  event(kind: EventKind, text: string, receipt: Receipt | null): PlaybookEvent {
    return {
      schema: 'cb-response-playbook/event/v1',
      kind,
      text,
      at: iso(now()),
      server: this.resolved?.target.server ?? null,
      sensorId: this.resolved?.target.sensorId ?? null,
      hostname: this.resolved?.target.hostname ?? null,
      workflowId: this.workflowId,
      runId: this.runId,
      receipt,
      lease: null,
    };
  }

  gaps(): Gap[] {
    const gaps: Gap[] = [];
    if (this.liveMatches.length > 0) gaps.push('process-alive');
    if (this.selectors.unmatched.size > 0) gaps.push('nothing-matched');
    if (this.hashUnknown.size > 0) gaps.push('hash-unknown');
    // A ban that failed with its run, and was undone with it, was refused by nobody.
    const failed = this.undone === null ? 'failed' : null;
    if ([...this.bans.values()].some((b) => b.outcome === 'refused' || b.outcome === failed)) {
      gaps.push('ban-refused');
    }
    if (!this.selectors.isListedInFull) gaps.push('not-enumerated');
    return gaps;
  }
}
