import { formatDuration } from '../contract/index.js';
import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { enter } from './face.js';
import { failure, orNotMet } from './failure.js';
import { now } from './time.js';
import { lookEvery, OFFLINE_LOOK_EVERY, quickRead, slowFact } from './timing.js';

/** An offline host is refused at once where the request says so: nothing is changed then. */
export function refuseOffline(run: Containment): void {
  if (run.checkin.online || run.wanted.offline !== 'fail') return;
  const seen = run.resolved?.target.lastCheckin ?? 'never';
  throw failure(
    'HostOffline',
    `${run.host} is offline (last check-in ${seen}), and the request says not to wait for it.`,
  );
}

/**
 * A host that is offline waits here, outside the Live Response queue: slots are scarce (hazards H15, H23). The look itself
 * validates the target again: a host that was registered anew, or whose name another sensor took, is another host (H16).
 * False when the time is over: then the wish stands under its lease, which keeps watching, or is withdrawn if so asked.
 */
export async function waitUntilOnline(run: Containment): Promise<boolean> {
  if (run.checkin.online) return true;
  enter(run, 'wait-online');
  const deadline = run.startedAt + run.wanted.offlineForMs;
  const what = `${run.host} to check in`;
  run.waitingFor.set(what, deadline);
  try {
    // Workers that are away over the deadline saw nothing: that is no failure, and undoes nothing.
    const missed = { met: false, checkin: run.checkin, at: deadline };
    const seen = await orNotMet(run, 'wait-online', missed, () =>
      activity('awaitOnline', slowFact(deadline, now()), `Until ${run.host} checks in again`, {
        target: run.target,
        deadline,
        everyMs: OFFLINE_LOOK_EVERY,
        newerThan: run.checkin.lastAt,
      }),
    );
    if (seen.met) {
      noteReboot(run, seen.checkin.bootId);
      if (run.resolved !== null) run.resolved.checkin = seen.checkin;
      return true;
    }
  } finally {
    run.waitingFor.delete(what);
  }
  run.waitedInVain = true;
  run.deadlinePassed(what, deadline);
  const message = `${run.host} did not check in within ${formatDuration(run.wanted.offlineForMs)}.`;
  if (run.wanted.offlineExpire === 'withdraw') {
    run.withdraw = true;
    throw failure('DeadlinePassed', `${message} The request says to withdraw the wish then.`);
  }
  if (!run.holdTaken) throw failure('DeadlinePassed', `${message} Nothing was changed on it.`);
  run.problems.push({ step: 'wait-online', type: 'DeadlinePassed', message });
  run.note(
    'The wish stands: when the host comes back it is isolated at its first check-in, and its lease keeps watching.',
  );
  return false;
}

/** Processes are listed anew in any case, and a GUID names one start of one process; a person should know why it is gone. */
function noteReboot(run: Containment, bootId: string | null): void {
  const before = run.checkin.bootId;
  if (before === null || bootId === null || before === bootId) return;
  run.note(
    `${run.host} was rebooted while it was waited for: what ran before is gone, unless it starts by itself.`,
  );
}

/**
 * Whether the host has not checked in once since the run knows it: a closed laptop reads "Online" for five minutes more
 * (hazard H14). Then it is waited for as an offline one, and its deadline is no failure of Live Response.
 */
export async function wentOffline(run: Containment): Promise<boolean> {
  if (run.wanted.offline === 'fail') return false;
  // A server that does not answer hides the host: it is waited for, as one that is away.
  const hidden = { met: false, checkin: { ...run.checkin, lastAt: null }, at: now() };
  const seen = await orNotMet(run, 'enumerate-and-kill', hidden, () =>
    activity('awaitOnline', quickRead, `Has ${run.host} checked in at all?`, {
      target: run.target,
      deadline: 0,
      everyMs: lookEvery(run.checkin),
      newerThan: run.checkin.lastAt,
    }),
  );
  if (seen.met || run.resolved === null) return false;
  const isKnown = seen.checkin.lastAt !== null || run.checkin.lastAt === null;
  run.resolved.checkin = { ...(isKnown ? seen.checkin : run.checkin), online: false };
  run.note(
    isKnown
      ? 'The host stopped checking in while it was being contained: it was waited for.'
      : 'The server did not say whether the host still checks in: it was waited for.',
  );
  return true;
}
