import { CancellationScope } from '@temporalio/workflow';
import type { KillProgress, ResolveResult } from '../contract/index.js';
import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { progressRead } from './timing.js';

/**
 * A cancel ends an activity at once that waits for its next try, or for a worker: what its heartbeats told is then gone, and
 * with it the session that it opened and whom it has killed (tried on server 1.32: the failure says `ACTIVITY_ID_NOT_STARTED`
 * and nothing else). So a cancel is held back until that has been read.
 *
 * @param onRead gets what was read, `null` where nothing was
 */
export async function readBeforeCancel<T>(
  run: Containment,
  work: () => Promise<T>,
  onRead: (left: KillProgress | null) => void,
): Promise<T> {
  const outer = CancellationScope.current();
  // In histories of older versions no worker says so, and the cancel went straight on.
  const { readsProgress } = (run.resolved ?? {}) as Partial<ResolveResult>;
  if (readsProgress !== true || outer.consideredCancelled) return await work();
  let isOver = false;
  return await CancellationScope.nonCancellable(async () => {
    const inner = new CancellationScope();
    outer.cancelRequested.catch(async () => {
      if (isOver) return;
      onRead(await progressOf(run));
      inner.cancel();
    });
    try {
      return await inner.run(work);
    } finally {
      isOver = true;
    }
  });
}

async function progressOf(run: Containment): Promise<KillProgress | null> {
  const { workflowId, runId, host } = run;
  try {
    return await activity('readProgress', progressRead, `How far was the kill on ${host}?`, {
      workflowId,
      runId,
    });
  } catch {
    // A cancel is not refused because nobody knows how far the work was.
    return null;
  }
}
