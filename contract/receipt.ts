import type { DriftReport } from './lease.js';
import type { ContainRequest, ProcessSelector } from './request.js';
import type { IsoTime, Target } from './target.js';
import type { ApprovalReport, Plan } from './plan.js';
import type { ProcessReport } from './process-report.js';
import type { Evidence, OverrideReport } from './policy.js';
import type { Gap, Verdict } from './verdict.js';

export type { ProcessReport } from './process-report.js';

/** Most rows a list in a receipt has; what was cut is counted in `truncated`. A result over 2 MiB cannot close. */
export const RECEIPT_ROW_LIMIT = 500;

export interface Requester {
  who: string | null;
  reason: string | null;
  at: IsoTime;
  selector: ProcessSelector | null;
  joined: boolean;
  requestId: string | null;
}

export interface IsolationReport {
  outcome: 'isolated' | 'already-isolated' | 'pending' | 'skipped' | 'released' | 'failed';
  requestedAt: IsoTime | null;
  confirmedAt: IsoTime | null;
  leaseId: string | null;
  expiresAt: IsoTime | null;
}

export interface BanReport {
  md5: string;
  outcome: 'banned' | 'already-banned' | 'refused' | 'failed';
  why: string | null;
  /** The killed instance the hash came from; `null` for a hash that was given or found by name. */
  guid: string | null;
  hostsSeen: number | null;
  /** Of the sensors that the server knows, in percent. */
  percentOfFleet: number | null;
  /** In the server's own word: `Signed`, `Unsigned`, …; `null`: not known. */
  signed: string | null;
  publisher: string | null;
  /** Whether banning is on for the target's group; `null` where that is not known. */
  enforcedOnTarget: boolean | null;
  at: IsoTime;
}

export interface UndoReport {
  change: 'isolation' | 'ban';
  target: string;
  outcome: 'undone' | 'left' | 'failed';
  why: string | null;
  at: IsoTime;
}

/** Evidence taken before the kill. It never holds a containment up. */
export interface EvidenceReport {
  kind: Exclude<Evidence, 'none'>;
  /** The instance it is of. */
  guid: string;
  path: string;
  outcome: 'taken' | 'failed' | 'skipped';
  /** Where it lies: a file of the worker's evidence folder, or a path on the host itself. */
  where: string | null;
  md5: string | null;
  bytes: number | null;
  why: string | null;
  at: IsoTime;
}

export interface Problem {
  step: string;
  type: string;
  message: string;
}

/** A Live Response session this run used. */
export interface SessionReport {
  id: number;
  ours: boolean;
  closed: boolean;
  why: string | null;
}

export interface Receipt {
  schema: 'cb-response-playbook/receipt/v1';
  verdict: Verdict;
  gaps: Gap[];
  summary: string;
  workflowId: string;
  runId: string;
  webUrl: string | null;
  startedAt: IsoTime;
  endedAt: IsoTime;
  playbookVersion: string;
  case: string | null;
  request: ContainRequest;
  requestedBy: Requester[];
  target: Target | null;
  isolation: IsolationReport;
  hostState: {
    wish: boolean | null;
    /** `null`: not known; also where the sensor has reported nothing since the wish was written. */
    fact: boolean | null;
    /** Matching processes that the last list showed alive; `listedAt` says when that was. */
    liveMatches: number | null;
    listedAt: IsoTime | null;
    /** When wish and fact were read. */
    asOf: IsoTime | null;
  };
  /** Where world and lease disagreed while this run held the host: what, since when, until when, and whether the wish was written again. */
  drift: DriftReport[];
  processes: ProcessReport[];
  bans: BanReport[];
  undo: UndoReport[];
  /** The policy the run was frozen with; `null` where it ended before that was known. */
  policy: { name: string; digest: string } | null;
  overrides: OverrideReport[];
  /** `null` where nothing was asked. */
  approval: ApprovalReport | null;
  /** The plan of a dry run, or the last one that a run made before it went on; `null` where none was made. */
  plan: Plan | null;
  evidence: EvidenceReport[];
  failurePolicy: { policy: string; changedBy: string | null; why: string | null };
  sessions: SessionReport[];
  nearestNames: string[];
  notes: string[];
  deadlinesPassed: { waitingFor: string; deadline: IsoTime }[];
  problems: Problem[];
  /** How many rows were cut from each list that was longer than {@link RECEIPT_ROW_LIMIT}. */
  truncated: Record<string, number>;
}
