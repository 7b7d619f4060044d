import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type {
  ContainActivities,
  GuardActivities,
  LeaseActivities,
  LiveResponseActivities,
  SideActivities,
  UndoActivities,
} from '../contract/index.js';
import { quickRead } from './timing.js';

type All = ContainActivities &
  GuardActivities &
  LeaseActivities &
  LiveResponseActivities &
  SideActivities &
  UndoActivities;

const proxies = proxyActivities<All>({ startToCloseTimeout: quickRead.startToCloseTimeout });

/** Runs one activity; `summary` is what a person reads in its row in Temporal Web. */
export function run<K extends keyof All>(
  name: K,
  options: ActivityOptions,
  summary: string,
  input: Parameters<All[K]>[0],
): Promise<Awaited<ReturnType<All[K]>>> {
  const activity = proxies[name] as unknown as {
    executeWithOptions(options: ActivityOptions, args: unknown[]): Promise<Awaited<ReturnType<All[K]>>>;
  };
  return activity.executeWithOptions({ ...options, summary: summary.slice(0, 190) }, [input]);
}
