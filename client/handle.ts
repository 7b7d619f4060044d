import type { ContainmentStatus, Receipt } from '../contract/index.js';
import { cancelRun, type CancelOptions } from './cancel.js';
import { NoSuchRunError } from './errors.js';
import { describeRun } from './find-run.js';
import type { Session } from './session.js';
import type { StartedRun } from './start.js';
import { statusOf } from './status.js';
import { waitForReceipt, type WaitOptions } from './wait.js';
import { webLink } from './web-link.js';

/** One run, pinned: a later run of the same host is never mistaken for it. */
export interface ContainmentHandle extends StartedRun {
  /** Its page in Temporal Web; `null` where Temporal Web is not known. */
  readonly webUrl: string | null;
  /** What it is doing now. Needs a worker while it runs. */
  status(): Promise<ContainmentStatus>;
  /** Waits for its end. A run that was joined, too, is read to its end: its verdict is the worst of all its requests. */
  waitForReceipt(options?: WaitOptions): Promise<Receipt>;
  cancel(options?: CancelOptions): Promise<void>;
}

export function handleOf(session: Session, run: StartedRun): ContainmentHandle {
  const described = async () => {
    const found = await describeRun(session, run.workflowId, run.runId);
    if (found === null) throw new NoSuchRunError(`${run.workflowId} is no longer known to Temporal.`);
    return found;
  };
  return {
    ...run,
    webUrl: webLink(session.webBase, session.namespace, run.workflowId, run.runId),
    status: async () => await statusOf(session, await described()),
    waitForReceipt: (options) => waitForReceipt(session, run, options),
    cancel: async (options = {}) => await cancelRun(session, await described(), options),
  };
}
