import type { CancellationScope } from '@temporalio/workflow';
import { MEMO_KEYS, type Receipt, SEARCH_ATTRIBUTES } from '../contract/index.js';
import { patched, upsertMemo } from '@temporalio/workflow';
import { run as activity } from './activities.js';
import { notify } from './announce.js';
import { ask } from './ask.js';
import { buildReceipt } from './build-receipt.js';
import type { Containment } from './containment.js';
import { enter, refresh } from './face.js';
import { problemOf } from './failure.js';
import { changedAnything, judge } from './judge.js';
import { confirmBans } from './confirm-bans.js';
import { settleHold } from './step-isolate.js';
import { noteSkew } from './step-resolve.js';
import { iso, now } from './time.js';
import { lastRead } from './timing.js';

/**
 * Step 6, and the undo where the policy asks for it. Runs in a scope that no cancel reaches; a cancel that comes while it
 * reads is still honoured, for nothing is promised before the verdict.
 */
export async function settle(run: Containment, root: CancellationScope): Promise<Receipt> {
  if (root.consideredCancelled) noteCancel(run);
  if ((run.failed !== null || root.consideredCancelled) && run.undo.size > 0) await ask(run);
  if (mustUndo(run, root)) await undo(run);
  enter(run, 'settle');
  if (run.undone === null) await readBansOnceMore(run);
  await readHost(run);
  if (run.undone === null && root.consideredCancelled) {
    noteCancel(run);
    if (run.undo.size > 0) await ask(run);
    if (mustUndo(run, root)) {
      await undo(run);
      await readHost(run);
    }
  }
  let { verdict, gaps } = judge(run, root.consideredCancelled);
  if (run.holdTaken && run.undone === null && !(await settleHold(run, verdict))) {
    run.holdLost = true;
    // Where it cannot be read again, nothing is known of it: what was read before is of the time in which it was held.
    run.hostState = null;
    await readHost(run);
    ({ verdict, gaps } = judge(run, root.consideredCancelled));
  }
  const receipt = buildReceipt(run, verdict, gaps);
  enter(run, 'closed', { [SEARCH_ATTRIBUTES.verdict]: verdict });
  upsertMemo({ [MEMO_KEYS.receipt]: receipt, [MEMO_KEYS.requestIds]: run.requestIds });
  refresh(run, receipt);
  const green = verdict === 'contained' || verdict === 'planned';
  if (run.notifies && (!green || run.resolved?.surroundings.notify === 'all')) {
    await notify(run.event('verdict', `${verdict}: ${receipt.summary}`, receipt));
  }
  return receipt;
}

function mustUndo(run: Containment, root: CancellationScope): boolean {
  const undoes = run.withdraw || run.undoesOnFailure;
  return (run.failed !== null || root.consideredCancelled) && undoes && run.undo.size > 0;
}

function noteCancel(run: Containment): void {
  if (run.problems.some((p) => p.type === 'Cancelled')) return;
  run.problems.push({ step: run.step, type: 'Cancelled', message: 'The run was cancelled.' });
}

async function undo(run: Containment): Promise<void> {
  enter(run, 'undo');
  run.undone = await run.undo.unwind();
}

async function readBansOnceMore(run: Containment): Promise<void> {
  try {
    await confirmBans(run);
  } catch (err) {
    // What could not be read is not known to stand.
    run.fail(problemOf('settle', err), err);
  }
}

/** Fact and own hold, read once more: only this makes `contained`. */
async function readHost(run: Containment): Promise<void> {
  const untouched = run.undone === null && run.undo.size === 0 && !changedAnything(run);
  if (run.resolved === null || (run.failed !== null && untouched)) return;
  try {
    run.hostState = await activity('readHostState', lastRead, `Read ${run.host} once more`, {
      target: run.target,
      holdId: run.wanted.isolate && !run.wanted.dryRun ? run.holdId : null,
      staleCheckin: run.staleCheckin,
    });
    const { wish, fact, at, holdStands } = run.hostState;
    // It may have been set since the run began.
    noteSkew(run, at - now());
    if (holdStands && !run.holdTaken) {
      run.holdTaken = true;
      if (wish !== false) run.isolation.outcome = 'pending';
    }
    if (fact && run.isolation.outcome === 'pending') {
      run.isolation.outcome = run.alreadyIsolated ? 'already-isolated' : 'isolated';
      run.isolation.confirmedAt = iso(at);
    }
  } catch (err) {
    run.problems.push(problemOf('settle', err));
    // Nobody can say that it does not: the lease is told, and the receipt does not say that nothing was changed.
    if (mayHold(run) && patched(MAY_STAND)) {
      run.holdTaken = true;
      run.isolation.outcome = 'pending';
    }
  }
}

const MAY_STAND = 'a-hold-that-may-stand-counts-2026-11';

/** Whether the hold was asked for, and neither seen taken nor given back. */
function mayHold(run: Containment): boolean {
  return (
    run.wanted.isolate &&
    !run.holdTaken &&
    run.undone === null &&
    run.refusedHoldGiven === null &&
    run.undo.has('isolation')
  );
}
