import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { MEMO_KEYS, type Receipt } from '../contract/index.js';

/** How a run closed, and what it said. */
export interface Outcome {
  closed: 'completed' | 'failed' | 'cancelled' | 'terminated' | 'other';
  /** Type of the failure: a verdict, or `InvalidRequest`. */
  type: string | null;
  message: string | null;
  details: unknown[];
  /** From the result, the failure's details, or the memo: wherever this kind of closing puts it. */
  receipt: Receipt | null;
}

/** Awaits the end of a run, however it ends. */
export async function outcomeOf(handle: WorkflowHandle): Promise<Outcome> {
  try {
    const receipt = (await handle.result()) as Receipt;
    return { closed: 'completed', type: null, message: null, details: [], receipt };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    const isApplication = cause instanceof ApplicationFailure;
    return {
      closed: closingOf(cause),
      type: isApplication ? (cause.type ?? null) : null,
      message: cause?.message ?? null,
      details: isApplication ? (cause.details ?? []) : [],
      receipt: receiptIn(isApplication ? cause.details?.[0] : null) ?? (await receiptInMemo(handle)),
    };
  }
}

function closingOf(cause: Error | undefined): Outcome['closed'] {
  if (cause instanceof ApplicationFailure) return 'failed';
  if (cause instanceof CancelledFailure) return 'cancelled';
  return cause instanceof TerminatedFailure ? 'terminated' : 'other';
}

function receiptIn(value: unknown): Receipt | null {
  return typeof value === 'object' && value !== null && 'verdict' in value ? (value as Receipt) : null;
}

/** A Cancelled run carries no details: its receipt is in the memo only. */
export async function receiptInMemo(handle: WorkflowHandle): Promise<Receipt | null> {
  const { memo } = await handle.describe();
  return receiptIn(memo?.[MEMO_KEYS.receipt]);
}
