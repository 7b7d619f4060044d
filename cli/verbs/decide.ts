import { BadInputError } from '../bad-input.js';
import { checkRunId, checkWords } from '../operator-check.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { withClient } from '../with-client.js';

export interface DecideFlags {
  keep?: true;
  release?: true;
  auto?: true;
  reason: string;
}

/** `cb-playbook decide`: answers a run that asks; what came of it is in its receipt. */
export async function decide(id: string, flags: DecideFlags, output: Output): Promise<number> {
  checkRunId(id);
  checkWords(flags.reason);
  const decision = flags.keep ? 'keep' : flags.release ? 'release' : flags.auto ? 'auto' : null;
  if (decision === null) {
    throw new BadInputError(
      'It is not said what to decide.',
      'One of --keep, --release, --auto.',
      'Say which; nothing was changed.',
    );
  }
  const run = await withClient((playbook) =>
    playbook.decide(id, { decision, reason: flags.reason, who: osUser() }),
  );
  output.answer(
    { ...run, decision },
    `${run.workflowId} goes on: ${decision}.\nSee what came of it: cb-playbook receipt ${run.workflowId}`,
  );
  return 0;
}
