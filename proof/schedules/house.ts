import { type Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import type { FailurePolicy, PlaybookClient } from '../../client/index.js';
import type { Simulator } from '../../simulator/index.js';

/** Where a schedule is played: what differs between skipped time and worker processes that are killed. */
export interface House {
  simulator: Simulator;
  client: Client;
  playbook: PlaybookClient;
  /** Temporal's clock. */
  now(): Promise<number>;
  /** Does it so much later on Temporal's clock, or soon after. */
  later(ms: number, work: () => unknown): void;
  /** Requests the cancel, `policy` first where there is one; false where it could not be done here. */
  cancel(handle: WorkflowHandle, policy: FailurePolicy | null): Promise<boolean>;
  /** Ends a workflow from outside as soon as that can be done here; false where it had closed by then, or never could be. */
  terminate(handle: WorkflowHandle): Promise<boolean>;
  /** SIGKILL, and another worker so much later. Not in skipped time. */
  killWorker(downMs: number): Promise<void>;
}

/** Does it, unless the run has closed meanwhile. Whether it was done. */
export async function unlessClosed(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
