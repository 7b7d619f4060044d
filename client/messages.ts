import type { QueryDefinition, UpdateDefinition } from '@temporalio/client';
import {
  type ContainmentStatus,
  type FailurePolicyArgs,
  type JoinArgs,
  type JoinResult,
  QUERIES,
  UPDATES,
} from '../contract/index.js';

// `defineUpdate` and `defineQuery` come from `@temporalio/workflow` only. At run time a definition is its type and name.
const update = <Ret, Args>(name: string): UpdateDefinition<Ret, [Args]> =>
  ({ type: 'update', name }) as UpdateDefinition<Ret, [Args]>;
const query = <Ret>(name: string): QueryDefinition<Ret> => ({ type: 'query', name }) as QueryDefinition<Ret>;

export const joinUpdate = update<JoinResult, JoinArgs>(UPDATES.join);
export const failurePolicyUpdate = update<unknown, FailurePolicyArgs>(UPDATES.failurePolicy);
export const statusQuery = query<ContainmentStatus>(QUERIES.status);
