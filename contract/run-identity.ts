/** Who does something: written into ban texts, holds and receipts. */
export interface RunIdentity {
  workflowId: string;
  runId: string;
  who: string | null;
  reason: string | null;
}
