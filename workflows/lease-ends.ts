import { isCancellation } from '@temporalio/workflow';
import type { Hold, LeaseCarried } from '../contract/index.js';
import { run } from './activities.js';
import type { LeaseBook } from './lease-book.js';
import { endsOf } from './lease-holds.js';
import { iso, now } from './time.js';
import { HOUR, MINUTE, quickRead } from './timing.js';

/**
 * How long a hold whose run still runs is left alone before it is looked at again: the longer the older the hold, for a run
 * that waits days for its host would else cost an event every five seconds. The run itself tells its end at settle.
 */
function untilLookedAtAgain(hold: Hold): number {
  return Math.min(HOUR, Math.max(MINUTE, (now() - Date.parse(hold.since)) / 4));
}

/**
 * Ends holds whose end has come. A person's own hold ends as the person asked. The end of a run's hold counts from settle, so
 * a hold whose run still runs waits for it; where the last containment of the host did not end `contained` it stays, unless a
 * person set its end: nobody wants a live implant back on the network because a clock ran out.
 */
export async function endDueHolds(book: LeaseBook): Promise<void> {
  for (const hold of endsOf(book.holds.values()).due) {
    const until = hold.until;
    const personal = hold.workflowId === null || hold.runId === null;
    const running = !personal && hold.verdict === null && (await stillRuns(hold));
    // Given back, settled or extended while this asked: that is the newer word.
    if (book.holds.get(hold.holdId) !== hold || hold.until !== until) continue;
    if (running) {
      hold.until = iso(now() + untilLookedAtAgain(hold));
    } else {
      const why = personal || hold.endAskedBy !== null ? null : whyKept(hold, book.settled ?? null);
      hold.keptBecause = why;
      if (why === null) {
        book.holds.delete(hold.holdId);
        book.log(`Hold ${hold.holdId} has come to its end.`);
      }
    }
    book.version += 1;
  }
}

/** Why the end of a run's hold does not count; `null` where it does. */
function whyKept(hold: Hold, settled: LeaseCarried['settled']): string | null {
  // A run that was ended from outside has no verdict, and one from before it says nothing of it.
  const counts = settled && (hold.verdict !== null || settled.at >= Date.parse(hold.since));
  const verdict = counts ? settled.verdict : hold.verdict;
  if (verdict === 'contained') return null;
  if (verdict === null) return 'Its run was ended from outside without a verdict.';
  const whose = verdict === hold.verdict ? 'Its run' : 'The last containment of the host';
  return `${whose} ended ${verdict}, not contained.`;
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
