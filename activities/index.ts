import type { Context } from '@temporalio/activity';
import type { CbResponse } from '../cb-response/index.js';
import {
  type ContainActivities,
  DEFAULT_POLICY,
  type GuardActivities,
  type LeaseActivities,
  type LiveResponseActivities,
  type SideActivities,
  type UndoActivities,
} from '../contract/index.js';
import { admit } from './admit.js';
import { ban, hashesByName, readBans, unban } from './bans.js';
import { border } from './border.js';
import type { Clock, Deps, NamedPolicy, NotifyReceiver } from './deps.js';
import { awaitHash } from './hash.js';
import { isolate, readHostState, settleHold } from './isolate.js';
import { rememberingAttributes } from './known-attributes.js';
import { isRunOpen } from './is-run-open.js';
import { judgeHashes } from './judge-hashes.js';
import { lookUp } from './look-up.js';
import { makePlan } from './make-plan.js';
import { reconcile } from './reconcile.js';
import { enumerateAndKill } from './kill/enumerate-and-kill.js';
import { settleSession } from './kill/settle-session.js';
import { HostKillTurns } from './kill/kill-turns.js';
import { SessionTurns } from './kill/turns.js';
import { announce } from './announce.js';
import { notify } from './notify.js';
import { awaitOnline } from './online.js';
import { preflight } from './preflight.js';
import { readProgress } from './read-progress.js';
import { resolve } from './resolve.js';
import { rememberingInfo, type InfoMemory } from './server-info.js';
import { systemClock } from './system-clock.js';
import { surveyUndo } from './survey-undo.js';
import { unisolate } from './unisolate.js';
import { watchIsolation } from './watch.js';
import { awaitIsolation, awaitRelease, readWish, writeWish } from './wish.js';

export type { InfoMemory } from './server-info.js';
export type { Clock, NamedPolicy, NotifyReceiver } from './deps.js';
export type PlaybookActivities = ContainActivities &
  LiveResponseActivities &
  LeaseActivities &
  SideActivities &
  GuardActivities &
  UndoActivities;

/** Every activity of the playbook, on one Cb server and one clock. */
export function createActivities(o: {
  cb: CbResponse;
  clock?: Clock;
  notify?: NotifyReceiver | null;
  /** Default: the built-in policy. */
  policy?: NamedPolicy;
  /** Where copies of binaries are kept on this machine; none are taken without. */
  evidenceDir?: string | null;
  /** By default the server's settings are read each time. */
  info?: InfoMemory;
  /** Live Response sessions at once; no limit by default. */
  sessions?: number;
}): PlaybookActivities {
  const clock = o.clock ?? systemClock;
  const deps: Deps = {
    cb: o.cb,
    clock,
    info: rememberingInfo(o.cb, clock, o.info ?? { goodForMs: 0 }),
    attributes: rememberingAttributes(clock),
    notify: o.notify ?? null,
    policy: o.policy ?? { policy: DEFAULT_POLICY, name: 'built-in' },
    evidenceDir: o.evidenceDir ?? null,
    turns: new SessionTurns(o.sessions ?? Infinity, clock),
    killTurns: new HostKillTurns(),
  };
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
    judgeHashes: on(judgeHashes),
    makePlan: on(makePlan),
    awaitHash: on(awaitHash),
    settleSession: on(settleSession),
    enumerateAndKill: on(enumerateAndKill),
    readWish: on(readWish),
    writeWish: on(writeWish),
    awaitRelease: on(awaitRelease),
    watchIsolation: on(watchIsolation),
    isRunOpen: on((_deps, context, input) => isRunOpen(context, input)),
    readProgress: on((_deps, context, input) => readProgress(context, input)),
    lookUp: on(lookUp),
    reconcile: on(reconcile),
    announce: on((_deps, context, input) => announce(context, input)),
    notify: on(notify),
    admit: on(admit),
    surveyUndo: on(surveyUndo),
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
