import type { Objection } from './objection.js';
import type { Approval } from './policy.js';
import type { ProcessReport } from './process-report.js';
import type { ProcessSelector } from './request.js';
import type { IsoTime, Target } from './target.js';

/** What is known of a hash, and what follows from it (hazards H5 to H7). */
export interface HashJudgement {
  /** Upper case. */
  md5: string;
  judgement: 'ban' | 'refuse';
  /** Why it is refused, or what should be known of it, in words; `null`: nothing. */
  why: string | null;
  /** The rule that refuses it and that a person may override; `null`: none. */
  overridable: 'prevalent-ban' | 'disabled-ban' | null;
  /** Rules that would refuse it, had nobody overridden them. */
  overridden: ('prevalent-ban' | 'disabled-ban')[];
  /** `Signed`, `Unsigned`, … in the server's own word; `null`: not known. */
  signed: string | null;
  publisher: string | null;
  /** Hosts that ever had it; `null`: the server does not say. */
  hostsSeen: number | null;
  /** Of the sensors that the server knows, in percent, one decimal; `null`: not known. */
  percentOfFleet: number | null;
  firstSeen: IsoTime | null;
  /** A ban that stands, or stood, and whose. */
  ban: { enabled: boolean; username: string | null; text: string } | null;
  /** Why nobody could look: it is then refused. Older receipts lack it. */
  unjudged?: { type: string; message: string } | null;
}

/**
 * What a run would do, or waits to be allowed to do. The digest covers target, registration, selectors, paths, hashes and
 * steps, not pids or GUIDs: a respawn makes no approval stale.
 */
export interface Plan {
  schema: 'cb-response-playbook/plan/v1';
  /** SHA-256, 64 hex digits. */
  digest: string;
  target: Target;
  selectors: ProcessSelector[];
  /** What each step would change, in words; nothing stands here that is refused. */
  steps: { step: 'isolate' | 'evidence' | 'kill' | 'ban'; effect: string }[];
  processes: ProcessReport[];
  hashes: HashJudgement[];
  /** Whether at least one process list came back. */
  listed: boolean;
  objections: Objection[];
  notes: string[];
  /** Digest of the policy it was judged by. */
  policy: string;
  at: IsoTime;
}

/** How a question for approval ended. */
export interface ApprovalReport {
  /** What waited: nothing was asked where this is `none`. */
  mode: Approval;
  /** Why it was asked, in words. */
  because: string[];
  answer: 'approved' | 'denied' | 'expired' | 'not-needed' | null;
  /** Digest of the plan that was approved or denied; of the last one that was shown where nobody answered. */
  digest: string | null;
  who: string | null;
  why: string | null;
  at: IsoTime | null;
  /** How many plans were shown: more than one where the world changed between plan and apply. */
  plans: number;
  /** Each question that was answered, or expired, in order. Older receipts lack it. */
  answers?: PlanAnswer[];
}

/** What became of one question: who answered for which plan. */
export interface PlanAnswer {
  digest: string;
  answer: 'approved' | 'denied' | 'expired';
  /** `null`: nobody answered, or nobody said who. */
  who: string | null;
  why: string | null;
  at: IsoTime;
}
