import type { ApprovalReport, Plan, PlanAnswer, Problem } from '../contract/index.js';

export interface Answer {
  approved: boolean;
  who: string | null;
  why: string | null;
  at: number;
  expired: boolean;
}

/** A plan that a person is asked about. */
export interface Question {
  plan: Plan;
  because: string[];
  deadline: number;
  answer: Answer | null;
}

/** What one run asked people about its plans, and what they said. */
export class ApprovalState {
  /** What is asked now; answered ones are gone once the run goes on. */
  question: Question | null = null;
  /** The last plan that was made. */
  plan: Plan | null = null;
  report: ApprovalReport | null = null;
  private readonly answers: PlanAnswer[] = [];
  /** Hashes that are not banned because nobody said yes: a later yes to another plan may ban them. */
  readonly unapprovedBans = new Set<string>();
  /** The last "no". */
  refusal: Problem | null = null;
  /** Where isolation too waits (`before-all`): until a plan is approved, or none was. */
  isolation: 'free' | 'waits' | 'approved' | 'refused' = 'free';

  /** Whether a plan with the isolation in it was refused: it goes along with the next plan, and none is made for it alone. */
  isolationDenied = false;

  /** Whether somebody said no, or nobody said yes, to some plan. */
  get refused(): boolean {
    return this.report?.answer === 'denied' || this.report?.answer === 'expired';
  }

  /** A "no" to one plan of a run stays in its receipt, whatever became of the others. */
  note(report: Omit<ApprovalReport, 'plans' | 'answers'>, shown: number): void {
    const { answer, digest, who, why, at } = report;
    if (answer !== null && answer !== 'not-needed' && digest !== null && at !== null)
      this.answers.push({ digest, answer, who, why, at });
    const more = { plans: (this.report?.plans ?? 0) + shown, answers: [...this.answers] };
    this.report = this.refused && this.report !== null ? { ...this.report, ...more } : { ...report, ...more };
  }
}
