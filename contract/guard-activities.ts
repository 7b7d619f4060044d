import type { BanState } from './ban-activities.js';
import type { NumberedSelector } from './kill-activities.js';
import type { HashJudgement, Plan } from './plan.js';
import type { Evidence, FrozenPolicy, OverridableRule, Policy } from './policy.js';
import type { ProcessReport } from './process-report.js';
import type { FrozenTarget, Target } from './target.js';

export interface JudgeHashesInput {
  target: FrozenTarget;
  policy: Policy;
  overrides: OverridableRule[];
  md5s: string[];
  /** What is banned already, as it was read a moment before. */
  states: BanState[];
  /** Hashes that a protected process runs; runs of older versions do not say. */
  protectedMd5s?: string[];
}

export interface PlanInput {
  target: Target;
  policy: FrozenPolicy;
  overrides: OverridableRule[];
  selectors: NumberedSelector[];
  isolate: boolean;
  kill: boolean;
  /** Taken before the kill; runs of older versions do not say. */
  evidence?: Evidence;
  /** Live matches of the list, protected ones too. */
  processes: ProcessReport[];
  listed: boolean;
  /** To ban, found or given, upper case. */
  md5s: string[];
  /** Hashes that a protected process runs; runs of older versions do not say. */
  protectedMd5s?: string[];
  notes: string[];
}

/** Asks the brakes of the namespace whether one more containment may start. */
export interface AdmitInput {
  target: FrozenTarget;
  workflowId: string;
  runId: string;
  isolate: boolean;
  limits: Policy['limits'];
  /** Whether the request overrides the limits; a pause is never overridden. */
  override: boolean;
}

export interface AdmitResult {
  admitted: boolean;
  /** Why not, in words, or which limit was overridden. */
  type: 'Paused' | 'LimitReached' | null;
  why: string | null;
}

/** Activities of the guard rails: they look, count and judge, and change nothing on any host. */
export interface GuardActivities {
  judgeHashes: (input: JudgeHashesInput) => Promise<HashJudgement[]>;
  makePlan: (input: PlanInput) => Promise<Plan>;
  admit: (input: AdmitInput) => Promise<AdmitResult>;
}
