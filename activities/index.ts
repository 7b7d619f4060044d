import type { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { CbResponse } from '../cb-response/index.js';
import type { ContainActivities, LeaseActivities, LiveResponseActivities } from '../contract/index.js';
import { ban, hashesByName, readBans, unban } from './bans.js';
import { border } from './border.js';
import type { Clock, Deps } from './deps.js';
import { awaitHash } from './hash.js';
import { isolate, readHostState, settleHold } from './isolate.js';
import { enumerateAndKill } from './kill/enumerate-and-kill.js';
import { settleSession } from './kill/settle-session.js';
import { awaitOnline } from './online.js';
import { preflight } from './preflight.js';
import { resolve } from './resolve.js';
import { systemClock } from './system-clock.js';
import { unisolate } from './unisolate.js';
import { awaitIsolation, awaitRelease, readWish, writeWish } from './wish.js';

export type { Clock } from './deps.js';
export type PlaybookActivities = ContainActivities & LiveResponseActivities & LeaseActivities;

/** Every activity of the playbook, on one Cb server and one clock. */
export function createActivities(o: { cb: CbResponse; clock?: Clock }): PlaybookActivities {
  const deps: Deps = { cb: o.cb, clock: o.clock ?? systemClock };
  const on = <I, O>(
    work: (deps: Deps, context: Context, input: I) => Promise<O>,
  ): ((input: I) => Promise<O>) => border(deps, (input, context) => work(deps, context, input));
  return {
    resolve: on(resolve),
    preflight: on(preflight),
    isolate: on(isolate),
    awaitIsolation: on(awaitIsolation),
    awaitOnline: on(awaitOnline),
    unisolate: on(unisolate),
    settleHold: on(settleHold),
    readHostState: on(readHostState),
    readBans: on(readBans),
    ban: on(ban),
    unban: on(unban),
    hashesByName: on(hashesByName),
    awaitHash: on(awaitHash),
    settleSession: on(settleSession),
    enumerateAndKill: on(enumerateAndKill),
    readWish: on(readWish),
    writeWish: on(writeWish),
    awaitRelease: on(awaitRelease),
    isRunOpen: on(isRunOpen),
  };
}

/** Which worker serves what: Live Response slots are scarce, so the activity that owns a session has its own queue. */
export function splitByQueue(activities: PlaybookActivities): {
  main: Omit<PlaybookActivities, 'enumerateAndKill'>;
  liveResponse: LiveResponseActivities;
} {
  const { enumerateAndKill: kill, ...main } = activities;
  return { main, liveResponse: { enumerateAndKill: kill } };
}

async function isRunOpen(
  _deps: Deps,
  context: Context,
  input: { workflowId: string; runId: string },
): Promise<boolean> {
  try {
    const description = await context.client.workflow.getHandle(input.workflowId, input.runId).describe();
    return description.status.name === 'RUNNING';
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return false;
    throw err;
  }
}
