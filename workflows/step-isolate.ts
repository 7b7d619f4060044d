import { type ActivityOptions, CancellationScope, condition } from '@temporalio/workflow';
import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { enter } from './face.js';
import { orNotMet, problemOf, WISH_REFUSED } from './failure.js';
import { iso, now } from './time.js';
import { DEADLINES, isolationFactDeadline, leaseCall, lookEvery, slowFact, givingBack } from './timing.js';
import type { UndoOutcome } from './undo-stack.js';

/** Step 3, its first half: a hold on the lease and the wish on the server. The undo is registered before the call (H21). */
export async function placeHold(run: Containment): Promise<void> {
  enter(run, 'isolate');
  const { target, host, holdId } = run;
  run.undo.push({ key: 'isolation', change: 'isolation', target: host, undo: () => giveBack(run) });
  run.isolation.outcome = 'failed';
  const result = await activity('isolate', leaseCall, `Isolate ${host} (sensor ${target.sensorId})`, {
    target,
    run: run.identity,
    holdId,
    deadline: now() + DEADLINES.change,
    leaseMs: run.wanted.leaseMs,
    onDrift: run.wanted.onDrift,
  }).catch(async (err: unknown) => {
    // It would hold for ever what never came to be.
    if (WISH_REFUSED.has(problemOf('isolate', err).type)) await giveRefusedBack(run);
    throw err;
  });
  run.holdTaken = true;
  run.isolation = {
    ...run.isolation,
    outcome: 'pending',
    requestedAt: iso(result.requestedAt),
    leaseId: result.leaseId,
  };
  run.alreadyIsolated = result.alreadyWished;
  run.staleCheckin = result.staleCheckin ?? null;
  if (result.foreign) {
    run.note('The host was isolated by somebody else before this run: that isolation is never undone by us.');
  }
}

/** Step 3, its second half: the fact, from the sensor itself (hazard H11). Its deadline is a fact, no failure. */
export async function confirmIsolation(run: Containment): Promise<void> {
  const deadline = isolationFactDeadline(run.checkin, now(), run.wanted.offlineForMs);
  run.waitingFor.set('isolation confirmed by the sensor', deadline);
  try {
    // One look-out for an offline host is enough: while the kill step waits for it, the fact need not be asked for too.
    const back = (): boolean => run.checkin.online || !run.wanted.kill || run.waitedInVain;
    if (!back())
      await condition(back, Math.max(1, deadline - now()), { summary: `Until ${run.host} is back` });
    const missed = { met: false, lastSeen: { wish: null, fact: null }, at: deadline };
    const fact = await orNotMet(run, 'confirm-isolation', missed, () =>
      activity('awaitIsolation', slowFact(deadline, now()), `Until ${run.host} says it is isolated`, {
        target: run.target,
        deadline,
        everyMs: lookEvery(run.checkin),
        staleCheckin: run.staleCheckin,
      }),
    );
    if (fact.met) {
      run.isolation.outcome = run.alreadyIsolated ? 'already-isolated' : 'isolated';
      run.isolation.confirmedAt = iso(fact.at);
    } else {
      run.deadlinePassed('isolation confirmed by the sensor', deadline);
    }
  } finally {
    run.waitingFor.delete('isolation confirmed by the sensor');
  }
}

async function giveBack(run: Containment): Promise<UndoOutcome> {
  if (run.refusedHoldGiven !== null) return run.refusedHoldGiven;
  const reason = run.failed === null ? 'The run was cancelled.' : `${run.failed.type}: ${run.failed.message}`;
  const patience = { reason, deadline: now() + DEADLINES.undo };
  const result = await unisolate(run, `Undo: give back the hold on ${run.host}`, givingBack, patience);
  if (result.outcome === 'undone') run.isolation.outcome = 'released';
  return result;
}

/** Whatever the failure policy: a hold whose wish was refused keeps nothing, and its lease would remind of it daily. */
async function giveRefusedBack(run: Containment): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    try {
      const patience = {
        reason: 'The wish to isolate was refused.',
        deadline: now() + DEADLINES.refusedHold,
      };
      const what = `Give back the hold on ${run.host}: its wish was refused`;
      const result = await unisolate(run, what, leaseCall, patience);
      if (result.outcome !== 'failed') run.refusedHoldGiven = result;
    } catch (err) {
      run.problems.push(problemOf('isolate', err));
    }
  });
}

function unisolate(
  run: Containment,
  what: string,
  options: ActivityOptions,
  patience: { reason: string; deadline: number },
): Promise<UndoOutcome> {
  return activity('unisolate', options, what, {
    target: run.target,
    run: run.identity,
    holdId: run.holdId,
    wishedBefore: run.resolved?.wish === true,
    everyMs: lookEvery(run.checkin),
    ...patience,
  });
}

/**
 * At settle the lease learns how the run ended, and a hold with an end starts counting. False where the hold does not stand
 * any more: somebody gave it back since it was read.
 */
export async function settleHold(run: Containment, verdict: string): Promise<boolean> {
  try {
    const { expiresAt } = await activity(
      'settleHold',
      leaseCall,
      `Tell the lease of ${run.host}: ${verdict}`,
      {
        target: run.target,
        holdId: run.holdId,
        verdict,
        leaseMs: run.wanted.leaseMs,
      },
    );
    run.isolation.expiresAt = expiresAt === null ? null : iso(expiresAt);
  } catch (err) {
    const problem = problemOf('settle', err);
    run.problems.push(problem);
    return problem.type !== 'HoldExpired';
  }
  return true;
}
