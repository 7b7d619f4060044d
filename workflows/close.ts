import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import type { Receipt } from '../contract/index.js';
import type { Containment } from './containment.js';
import { plain } from './failure.js';

/**
 * Completed only when contained. Cancelled means that nothing of ours is left; under `auto` a cancel that keeps a host
 * with a live match isolated closes Failed.
 */
export function close(run: Containment, receipt: Receipt, cancelled: boolean): Receipt {
  if (receipt.verdict === 'contained' || receipt.verdict === 'planned') return receipt;
  const nothingLeft = receipt.verdict === 'rolled-back' || receipt.verdict === 'not-contained';
  if (cancelled && nothingLeft) throw new CancelledFailure(receipt.summary);
  throw plain(
    ApplicationFailure.create({
      type: receipt.verdict,
      message: receipt.summary,
      nonRetryable: true,
      details: [receipt],
    }),
  );
}
