import { checkDigest, checkRunId, checkWords } from '../operator-check.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { withClient } from '../with-client.js';

export interface ApproveFlags {
  digest: string;
  reason?: string;
}

export interface DenyFlags {
  reason: string;
}

/** `cb-playbook approve`: lets a run that waits go on as its plan says. */
export async function approve(id: string, flags: ApproveFlags, output: Output): Promise<number> {
  checkRunId(id);
  const { reason } = flags;
  if (reason !== undefined) checkWords(reason);
  const digest = checkDigest(flags.digest);
  const run = await withClient((playbook) =>
    playbook.approve(id, { digest, who: osUser(), ...(reason === undefined ? {} : { why: reason }) }),
  );
  output.answer(run, `${run.workflowId} goes on as approved.\n${follow(run.workflowId)}`);
  return 0;
}

/** `cb-playbook deny`: nothing of the plan is done; a host that is isolated stays so. */
export async function deny(id: string, flags: DenyFlags, output: Output): Promise<number> {
  checkRunId(id);
  checkWords(flags.reason);
  const run = await withClient((playbook) => playbook.deny(id, { reason: flags.reason, who: osUser() }));
  output.answer(
    run,
    `The plan of ${run.workflowId} is denied: nothing of it is done.\n${follow(run.workflowId)}`,
  );
  return 0;
}

function follow(workflowId: string): string {
  return `See what came of it: cb-playbook status ${workflowId}`;
}
