import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { enter } from './face.js';
import { failure } from './failure.js';
import { now } from './time.js';
import { DEADLINES, lookEvery, quickRead, slowFact } from './timing.js';

/** An offline host is looked out for every ten seconds at first: when it comes back is not known. */
const OFFLINE_LOOK_MS = 10_000;

/** A host that is offline waits here, outside the Live Response queue: slots are scarce (hazards H15, H23). */
export async function waitUntilOnline(run: Containment): Promise<void> {
  if (run.checkin.online) return;
  enter(run, 'wait-online');
  const deadline = now() + DEADLINES.offline;
  const what = `${run.host} to check in`;
  run.waitingFor.set(what, deadline);
  try {
    const seen = await activity(
      'awaitOnline',
      slowFact(deadline, now()),
      `Until ${run.host} checks in again`,
      {
        target: run.target,
        deadline,
        everyMs: OFFLINE_LOOK_MS,
        newerThan: run.checkin.lastAt,
      },
    );
    if (!seen.met) {
      run.waitedInVain = true;
      run.deadlinePassed(what, deadline);
      throw failure('DeadlinePassed', `${run.host} did not check in within 72 hours.`);
    }
    if (run.resolved !== null) run.resolved.checkin = seen.checkin;
  } finally {
    run.waitingFor.delete(what);
  }
}

/**
 * Whether the host has not checked in once since the run knows it: a closed laptop reads "Online" for five minutes more
 * (hazard H14). Then it is waited for as an offline one, and its deadline is no failure of Live Response.
 */
export async function wentOffline(run: Containment): Promise<boolean> {
  const seen = await activity('awaitOnline', quickRead, `Has ${run.host} checked in at all?`, {
    target: run.target,
    deadline: 0,
    everyMs: lookEvery(run.checkin),
    newerThan: run.checkin.lastAt,
  });
  if (seen.met || run.resolved === null) return false;
  run.resolved.checkin = { ...seen.checkin, online: false };
  run.note('The host stopped checking in while it was being contained: it was waited for.');
  return true;
}
