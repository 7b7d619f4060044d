import type { BanReport, IsolationReport, Problem, Receipt, Requester } from './receipt.js';
import type { IsoTime, Target } from './target.js';
import type { ContainRequest, Decision, FailurePolicy } from './request.js';
import type { Plan } from './plan.js';
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

/** Update `decide`: answers a run that asks (failure policy `ask`). */
export interface DecideArgs {
  decision: Decision;
  who?: string;
  why?: string;
}

/** Update `approve`: lets a run that waits go on, as the plan with this digest says and no further. */
export interface ApproveArgs {
  /** Of the plan that is shown now, 64 hex digits. */
  digest: string;
  who?: string;
  why?: string;
}

/** Update `deny`: the plan that is shown now is not carried out. */
export interface DenyArgs {
  who?: string;
  why?: string;
}

export interface ApprovalAnswer {
  answer: 'approved' | 'denied';
  digest: string;
}

/** Steps of a containment as the search attribute `CbStep` and `status` name them. */
export const STEPS = [
  'resolve',
  'preflight',
  'isolate',
  'wait-online',
  'approval',
  'enumerate-and-kill',
  'ban',
  'confirm-isolation',
  'ask',
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
  /** What a person is asked to approve; `null` where nothing is asked. */
  approval: { plan: Plan; because: string[]; deadline: IsoTime } | null;
  startedAt: IsoTime;
  updatedAt: IsoTime;
  receipt: Receipt | null;
}
