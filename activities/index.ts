import type { Context } from '@temporalio/activity';
import type { CbResponse } from '../cb-response/index.js';
import type {
  ContainActivities,
  GuardActivities,
  LeaseActivities,
  LiveResponseActivities,
  SideActivities,
} from '../contract/index.js';
import { ban, hashesByName, readBans, unban } from './bans.js';
import { border } from './border.js';
import type { Clock, Deps, NotifyReceiver } from './deps.js';
import { awaitHash } from './hash.js';
import { isolate, readHostState, settleHold } from './isolate.js';
import { isRunOpen } from './is-run-open.js';
import { lookUp } from './look-up.js';
import { makePlan } from './make-plan.js';
import { reconcile } from './reconcile.js';
import { enumerateAndKill } from './kill/enumerate-and-kill.js';
import { settleSession } from './kill/settle-session.js';
import { announce } from './announce.js';
import { notify } from './notify.js';
import { awaitOnline } from './online.js';
import { preflight } from './preflight.js';
import { resolve } from './resolve.js';
import { systemClock } from './system-clock.js';
import { unisolate } from './unisolate.js';
import { watchIsolation } from './watch.js';
import { awaitIsolation, awaitRelease, readWish, writeWish } from './wish.js';

export type { Clock, NotifyReceiver } from './deps.js';
export type PlaybookActivities = ContainActivities &
  LiveResponseActivities &
  LeaseActivities &
  Pick<GuardActivities, 'makePlan'> &
  SideActivities;

/** Every activity of the playbook, on one Cb server and one clock. */
export function createActivities(o: {
  cb: CbResponse;
  clock?: Clock;
  notify?: NotifyReceiver | null;
}): PlaybookActivities {
  const deps: Deps = { cb: o.cb, clock: o.clock ?? systemClock, notify: o.notify ?? null };
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
    watchIsolation: on(watchIsolation),
    isRunOpen: on((_deps, context, input) => isRunOpen(context, input)),
    lookUp: on(lookUp),
    makePlan: on(makePlan),
    reconcile: on(reconcile),
    announce: on((_deps, context, input) => announce(context, input)),
    notify: on(notify),
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
