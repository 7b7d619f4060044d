import { checkedUndo } from '../../client/guard-input.js';
import { undoExitCode } from '../../contract/undo.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { undoText } from '../text/undo.js';
import { waitMsOf, withClient } from '../with-client.js';

export interface UndoFlags {
  yes?: true;
  runId?: string;
  reason?: string;
  wait?: string;
}

/**
 * `cb-playbook undo`: without --yes only what it would do. 0 done or nothing to do, 10 the host stays isolated because others
 * hold it, 14 something could not be undone, 15 the containment, or the undo after --wait, goes on.
 */
export async function undo(id: string, flags: UndoFlags, output: Output): Promise<number> {
  const { yes, runId, reason, wait } = flags;
  const options = { apply: yes === true, runId, reason, who: osUser() };
  checkedUndo(id, options);
  const waiting = waitMsOf(wait);
  const receipt = await withClient((playbook, signal) =>
    playbook.undo(id, { ...options, ...waiting, signal }),
  );
  output.answer(receipt, undoText(receipt));
  return undoExitCode(receipt);
}
