import { isCancellation } from '@temporalio/workflow';
import type { Hold } from '../contract/index.js';
import { run } from './activities.js';
import type { LeaseBook } from './lease-book.js';
import { iso, now } from './time.js';
import { MINUTE, quickRead } from './timing.js';

/** How long a hold whose run still runs is left alone before it is looked at again. */
const STILL_RUNNING_MS = MINUTE;

/**
 * Ends holds whose end has come. The end counts from settle, so a hold whose run still runs waits for it; one whose run
 * did not end `contained` stays: nobody wants a live implant back on the network because a clock ran out.
 */
export async function endDueHolds(book: LeaseBook): Promise<void> {
  for (const hold of book.ends().due) {
    if (hold.verdict === null && hold.workflowId !== null && hold.runId !== null && (await stillRuns(hold))) {
      hold.until = iso(now() + STILL_RUNNING_MS);
    } else if (hold.verdict === 'contained') {
      book.holds.delete(hold.holdId);
    } else {
      hold.keptBecause =
        hold.verdict === null
          ? 'Its run was ended from outside without a verdict.'
          : `Its run ended ${hold.verdict}, not contained.`;
    }
    book.version += 1;
  }
}

async function stillRuns(hold: Hold): Promise<boolean> {
  try {
    const { workflowId, runId } = hold;
    return await run('isRunOpen', quickRead, `Does ${workflowId} still run?`, {
      workflowId: workflowId as string,
      runId: runId as string,
    });
  } catch (err) {
    if (isCancellation(err)) throw err;
    return true;
  }
}
