import { defineQuery, defineUpdate } from '@temporalio/workflow';
import {
  type AcquireArgs,
  type AdmitAnswer,
  type AdmitArgs,
  type BrakesState,
  type ApprovalAnswer,
  type ApproveArgs,
  type ContainmentStatus,
  type DecideArgs,
  type DenyArgs,
  type ExtendArgs,
  type FailurePolicy,
  type FailurePolicyArgs,
  type JoinArgs,
  type JoinResult,
  type LeaseState,
  type PauseArgs,
  type PauseResult,
  type Plan,
  QUERIES,
  type Receipt,
  type ReleaseArgs,
  type ResumeArgs,
  UPDATES,
} from '../contract/index.js';

export const joinUpdate = defineUpdate<JoinResult, [JoinArgs]>(UPDATES.join);
export const failurePolicyUpdate = defineUpdate<{ policy: FailurePolicy }, [FailurePolicyArgs]>(
  UPDATES.failurePolicy,
);
export const decideUpdate = defineUpdate<{ policy: FailurePolicy }, [DecideArgs]>(UPDATES.decide);
export const approveUpdate = defineUpdate<ApprovalAnswer, [ApproveArgs]>(UPDATES.approve);
export const denyUpdate = defineUpdate<ApprovalAnswer, [DenyArgs]>(UPDATES.deny);
export const planQuery = defineQuery<Plan | null>(QUERIES.plan);
export const statusQuery = defineQuery<ContainmentStatus>(QUERIES.status);
export const receiptQuery = defineQuery<Receipt | null>(QUERIES.receipt);

export const acquireUpdate = defineUpdate<LeaseState, [AcquireArgs]>(UPDATES.acquire);
export const releaseUpdate = defineUpdate<LeaseState, [ReleaseArgs]>(UPDATES.release);
export const extendUpdate = defineUpdate<LeaseState, [ExtendArgs]>(UPDATES.extend);
export const holdsQuery = defineQuery<LeaseState>(QUERIES.holds);

export const admitUpdate = defineUpdate<AdmitAnswer, [AdmitArgs]>(UPDATES.admit);
export const pauseUpdate = defineUpdate<PauseResult, [PauseArgs]>(UPDATES.pause);
export const resumeUpdate = defineUpdate<PauseResult, [ResumeArgs]>(UPDATES.resume);
export const brakesQuery = defineQuery<BrakesState>(QUERIES.brakes);
