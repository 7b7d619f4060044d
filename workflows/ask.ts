import { condition } from '@temporalio/workflow';
import { formatDuration } from '../contract/index.js';
import { notify } from './announce.js';
import type { Containment } from './containment.js';
import { showStep } from './face.js';
import { iso, now } from './time.js';

/**
 * Failure policy `ask`: waits for a person's answer, and for no answer no longer than the deadline. Until then everything
 * stays as it is: a host that is isolated stays so. An answer is a policy that is not `ask` any more.
 */
export async function ask(run: Containment): Promise<void> {
  // Where the request itself says what to do, nobody needs to be asked.
  if (run.policy.policy !== 'ask' || run.withdraw) return;
  run.waitingForAnswer += 1;
  try {
    // One question a run: a step that fails while a person is asked waits for the same answer.
    if (run.waitingForAnswer > 1) await condition(() => run.policy.policy !== 'ask');
    else await askOnce(run);
  } finally {
    run.waitingForAnswer -= 1;
    showStep(run);
  }
}

async function askOnce(run: Containment): Promise<void> {
  const { askTimeoutMs, askDefault } = run.wanted;
  const deadline = now() + askTimeoutMs;
  const what = `a person to decide: undo or keep (update decide), else ${askDefault}`;
  run.waitingFor.set(what, deadline);
  try {
    showStep(run);
    const why = run.failed === null ? 'it was cancelled' : `${run.failed.step} failed: ${run.failed.message}`;
    if (run.notifies) {
      const text = `${run.host}: ${why}. Undo or keep? Decide within ${formatDuration(askTimeoutMs)}, else ${askDefault}.`;
      await notify(run.event('approval-wanted', text, null));
    }
    const answered = await condition(() => run.policy.policy !== 'ask', askTimeoutMs, {
      summary: `Until a person decides about ${run.host}`,
    });
    if (answered) return;
  } finally {
    run.waitingFor.delete(what);
  }
  run.policy = { policy: askDefault, changedBy: 'the deadline', why: `Nobody answered by ${iso(deadline)}.` };
  run.deadlinePassed('a person to decide', deadline);
}
