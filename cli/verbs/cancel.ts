import { checkReason, checkRunId } from '../operator-check.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';

export interface CancelFlags {
  keep?: true;
  release?: true;
  reason?: string;
}

/** `cb-playbook cancel`: exits 0 once the request is recorded; what it undoes is in the receipt. */
export async function cancel(id: string, flags: CancelFlags, output: Output): Promise<number> {
  checkRunId(id);
  checkReason(flags.reason);
  const { createPlaybookClient } = await import('../../client/playbook-client.js');
  const playbook = await createPlaybookClient();
  try {
    const policy = flags.keep ? 'keep' : flags.release ? 'release' : undefined;
    const run = await playbook.cancel(id, { policy, who: osUser(), why: flags.reason });
    output.answer(
      { ...run, cancelRequested: true, policy: policy ?? null },
      [
        `Cancellation of ${run.workflowId} is requested${policy ? `, failure policy ${policy}` : ''}.`,
        `See what it undid: cb-playbook receipt ${run.workflowId}`,
      ].join('\n'),
    );
    return 0;
  } finally {
    await playbook.close();
  }
}
