import { BadInputError } from '../bad-input.js';
import { checkReason, checkWords } from '../operator-check.js';
import type { Output } from '../output.js';
import { osUser } from '../request.js';
import { brakesText, pausedLine } from '../text/brakes.js';
import { withClient } from '../with-client.js';

export interface PauseFlags {
  reason?: string;
  show?: true;
}

/** `cb-playbook pause`: exits 0 once nothing new can start; `--show` only tells how it stands, and needs no worker. */
export async function pause(flags: PauseFlags, output: Output): Promise<number> {
  const { reason, show } = flags;
  if (show === true) {
    if (reason !== undefined)
      throw new BadInputError(
        '--show only looks, and --reason is given.',
        'One of them.',
        'Say which; nothing was changed.',
      );
    const state = await withClient((playbook) => playbook.brakes());
    output.answer(state, brakesText(state));
    return 0;
  }
  checkWords(reason ?? '');
  const done = await withClient((playbook) => playbook.pause({ reason: reason ?? '', who: osUser() }));
  const line = pausedLine(done.state) ?? '';
  output.answer(done, done.changed ? line : `It was paused already.\n${line}`);
  return 0;
}

/** `cb-playbook resume`: exits 0 once containments may start again. */
export async function resume(flags: { reason?: string }, output: Output): Promise<number> {
  checkReason(flags.reason);
  const done = await withClient((playbook) => playbook.resume({ reason: flags.reason, who: osUser() }));
  output.answer(
    done,
    done.changed ? 'The playbook goes on: containments may start again.' : 'The playbook was not paused.',
  );
  return 0;
}
