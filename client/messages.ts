import type { QueryDefinition, UpdateDefinition } from '@temporalio/client';
import {
  type AcquireArgs,
  type ApprovalAnswer,
  type ApproveArgs,
  type ContainmentStatus,
  type DecideArgs,
  type DenyArgs,
  type ExtendArgs,
  type FailurePolicyArgs,
  type JoinArgs,
  type JoinResult,
  type PauseArgs,
  type PauseResult,
  type ResumeArgs,
  type LeaseState,
  type Plan,
  QUERIES,
  type ReleaseArgs,
  UPDATES,
} from '../contract/index.js';

// `defineUpdate` and `defineQuery` come from `@temporalio/workflow` only. At run time a definition is its type and name.
const update = <Ret, Args>(name: string): UpdateDefinition<Ret, [Args]> =>
  ({ type: 'update', name }) as UpdateDefinition<Ret, [Args]>;
const query = <Ret>(name: string): QueryDefinition<Ret> => ({ type: 'query', name }) as QueryDefinition<Ret>;

export const joinUpdate = update<JoinResult, JoinArgs>(UPDATES.join);
export const failurePolicyUpdate = update<unknown, FailurePolicyArgs>(UPDATES.failurePolicy);
export const statusQuery = query<ContainmentStatus>(QUERIES.status);
export const decideUpdate = update<unknown, DecideArgs>(UPDATES.decide);
export const approveUpdate = update<ApprovalAnswer, ApproveArgs>(UPDATES.approve);
export const denyUpdate = update<ApprovalAnswer, DenyArgs>(UPDATES.deny);
export const planQuery = query<Plan | null>(QUERIES.plan);
export const acquireUpdate = update<LeaseState, AcquireArgs>(UPDATES.acquire);
export const releaseUpdate = update<LeaseState, ReleaseArgs>(UPDATES.release);
export const extendUpdate = update<LeaseState, ExtendArgs>(UPDATES.extend);
export const holdsQuery = query<LeaseState>(QUERIES.holds);
export const pauseUpdate = update<PauseResult, PauseArgs>(UPDATES.pause);
export const resumeUpdate = update<PauseResult, ResumeArgs>(UPDATES.resume);
