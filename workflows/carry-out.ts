import { CancellationScope, condition } from '@temporalio/workflow';
import { approvalMode, needsPlan } from './approval-rules.js';
import { approvedRounds, hasWork, type Surround } from './approved-rounds.js';
import { ask } from './ask.js';
import type { Containment } from './containment.js';
import { problemOf } from './failure.js';
import { banByName, banFound, banHashes } from './step-ban.js';
import { confirmIsolation, placeHold } from './step-isolate.js';
import { enumerateAndKill } from './step-kill.js';
import { waitUntilOnline } from './step-offline.js';
import { TaskGroup } from './task-group.js';

/**
 * Steps 3 to 5, side by side as far as they can be: the Live Response session rides the same check-in as the wish, the
 * isolation fact is awaited beside it, hashes that were given are banned at once. Ends when every work list is drained.
 */
export async function carryOut(run: Containment): Promise<void> {
  const group = new TaskGroup();
  const started = { isolation: false, kill: false };
  const placed = { wish: false };

  const more = (): boolean =>
    (run.wanted.isolate && !started.isolation) ||
    (needsPlan(run) ? !started.kill && hasWork(run) : moreNow());
  const moreNow = (): boolean =>
    run.toBan.pending.length > 0 ||
    (run.selectors.pending.length > 0 && !started.kill) ||
    (run.hasMoreToBan && !started.kill);

  const surround: Surround = {
    guarded: (name, work) => step(run, name, work),
    wishPlaced: () => placed.wish,
  };

  do {
    if (run.wanted.isolate && !started.isolation) {
      started.isolation = true;
      if (approvalMode(run) === 'before-all') run.approval.isolation = 'waits';
      group.add(async () => {
        if (run.approval.isolation !== 'free') {
          await condition(() => run.approval.isolation !== 'waits');
          if (run.approval.isolation === 'refused') return;
        }
        let isThere = run.wanted.offlineWish !== 'withhold';
        // A wish that is withheld is written only on a host that is there, whatever the failure policy.
        if (!isThere)
          await step(run, 'wait-online', async () => {
            isThere = await waitUntilOnline(run);
          });
        if (isThere) await step(run, 'isolate', () => placeHold(run));
        placed.wish = true;
        if (run.holdTaken) await step(run, 'confirm-isolation', () => confirmIsolation(run));
      });
    }
    if (needsPlan(run)) {
      if (!started.kill && hasWork(run)) {
        started.kill = true;
        group.add(async () => {
          await step(run, 'approval', () => approvedRounds(run, surround));
          started.kill = false;
        });
      }
      await group.settle(more);
      continue;
    }
    if (run.toBan.pending.length > 0) {
      const md5s = run.toBan.pending.splice(0);
      const hashes = md5s.map((md5) => ({ md5, guid: null }));
      group.add(() => step(run, 'ban', () => banHashes(run, hashes)));
    }
    if (run.selectors.pending.length > 0 && !started.kill) {
      started.kill = true;
      group.add(async () => {
        // The wish first: both then ride the same check-in, and no kill warns the intruder before it stands.
        await condition(() => !run.wanted.isolate || placed.wish);
        await step(run, 'enumerate-and-kill', () =>
          enumerateAndKill(run, () => {
            const found = run.takeInstancesToBan();
            if (found.length > 0) group.add(() => step(run, 'ban', () => banFound(run, found)));
          }),
        );
        started.kill = false;
      });
    }
    // After the kill, not beside it: a ban that stops a copy before it is listed would leave nothing to be found.
    if (!started.kill) {
      const found = run.takeInstancesToBan();
      if (found.length > 0) group.add(() => step(run, 'ban', () => banFound(run, found)));
      for (const name of run.takeNamesToBan()) group.add(() => step(run, 'ban', () => banByName(run, name)));
    }
    await group.settle(more);
  } while (more());
}

/**
 * A step that fails ends the others only where the failure policy will undo; otherwise the rest is carried out all the same.
 */
async function step(run: Containment, name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (err) {
    if (CancellationScope.current().consideredCancelled) throw err;
    run.fail(problemOf(name, err), err);
    if (run.undo.size > 0) await ask(run);
    if (run.withdraw || run.undoesOnFailure) throw err;
  }
}
