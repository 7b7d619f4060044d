import {
  ApplicationFailure,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
} from '@temporalio/client';
import { MEMO_KEYS, type Mistake, type Receipt, RECEIPT_SCHEMA } from '../contract/index.js';
import { InvalidRequestError, NoReceiptError, RunTerminatedError } from './errors.js';
import { call, type Session } from './session.js';
import { webLink } from './web-link.js';

/**
 * The receipt of a closed run. Needs no worker: the memo has it, however the run closed; where the memo has none
 * (an older playbook), the result or the failure has it.
 * @throws {@link InvalidRequestError} where the request itself was wrong, {@link RunTerminatedError},
 * {@link NoReceiptError}.
 */
export async function receiptOfClosed(session: Session, run: WorkflowExecutionDescription): Promise<Receipt> {
  const inMemo = run.memo?.[MEMO_KEYS.receipt];
  if (isReceipt(inMemo)) return withLink(session, inMemo);
  const { workflowId, runId } = run;
  const name = run.status.name;
  if (name === 'TERMINATED' || name === 'TIMED_OUT') {
    throw new RunTerminatedError(workflowId, runId, name === 'TERMINATED' ? 'terminated' : 'timed out');
  }
  const found = await receiptOfOutcome(session, run);
  if (!isReceipt(found)) throw new NoReceiptError(workflowId, runId, `it closed as ${name}.`);
  return withLink(session, found);
}

async function receiptOfOutcome(session: Session, run: WorkflowExecutionDescription): Promise<unknown> {
  try {
    const handle = session.client.workflow.getHandle(run.workflowId, run.runId, { followRuns: false });
    return await call(session, () => handle.result());
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause;
    if (!(cause instanceof ApplicationFailure)) {
      throw new NoReceiptError(run.workflowId, run.runId, (cause?.message ?? error.message).slice(0, 300));
    }
    const first: unknown = cause.details?.[0];
    if (cause.type === 'InvalidRequest') throw new InvalidRequestError(mistakesOf(first, cause.message));
    if (!isReceipt(first)) throw new NoReceiptError(run.workflowId, run.runId, cause.message.slice(0, 300));
    return first;
  }
}

function mistakesOf(details: unknown, message: string): Mistake[] {
  const list = Array.isArray(details) ? (details as Mistake[]) : [];
  return list.length > 0
    ? list
    : [{ field: '', problem: message, expected: 'A request as the schema says.' }];
}

function isReceipt(value: unknown): value is Receipt {
  return typeof value === 'object' && value !== null && (value as Receipt).schema === RECEIPT_SCHEMA;
}

function withLink(session: Session, receipt: Receipt): Receipt {
  const link = webLink(session.webBase, session.namespace, receipt.workflowId, receipt.runId);
  return { ...receipt, webUrl: receipt.webUrl ?? link };
}
