import { condition } from '@temporalio/workflow';
import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { enter } from './face.js';
import { orNotMet, problemOf } from './failure.js';
import { iso, now } from './time.js';
import { DEADLINES, isolationFactDeadline, leaseCall, lookEvery, slowFact, undoing } from './timing.js';

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
  });
  run.holdTaken = true;
  run.isolation = {
    ...run.isolation,
    outcome: 'pending',
    requestedAt: iso(result.requestedAt),
    leaseId: result.leaseId,
  };
  run.alreadyIsolated = result.alreadyWished;
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

async function giveBack(run: Containment): Promise<Awaited<ReturnType<typeof unisolate>>> {
  const result = await unisolate(run);
  if (result.outcome === 'undone') run.isolation.outcome = 'released';
  return result;
}

function unisolate(run: Containment) {
  const deadline = now() + DEADLINES.undo;
  return activity('unisolate', undoing, `Undo: give back the hold on ${run.host}`, {
    target: run.target,
    run: run.identity,
    holdId: run.holdId,
    wishedBefore: run.resolved?.wish === true,
    reason: run.failed === null ? 'The run was cancelled.' : `${run.failed.type}: ${run.failed.message}`,
    deadline,
    everyMs: lookEvery(run.checkin),
  });
}

/** At settle the lease learns how the run ended, and a hold with an end starts counting. */
export async function settleHold(run: Containment, verdict: string): Promise<void> {
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
    run.problems.push(problemOf('settle', err));
  }
}
