import { defineQuery, defineUpdate } from '@temporalio/workflow';
import {
  type AcquireArgs,
  type AdmitAnswer,
  type AdmitArgs,
  type BrakesState,
  type ContainmentStatus,
  type DecideArgs,
  type ExtendArgs,
  type FailurePolicy,
  type FailurePolicyArgs,
  type JoinArgs,
  type JoinResult,
  type LeaseState,
  type PauseArgs,
  type PauseResult,
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
