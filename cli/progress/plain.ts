import type { ContainmentStatus } from '../../contract/index.js';
import { STAGE_OF, STAGE_TITLES } from './stages.js';
import type { Progress } from './progress.js';

/** One line for each change of step, with the time. */
export function plainProgress(write: (line: string) => void, now: () => Date): Progress {
  let shown = '';
  const line = (text: string): void => write(`${now().toISOString().slice(11, 19)}  ${text}`);
  return {
    show(status: ContainmentStatus) {
      if (status.step === shown) return;
      shown = status.step;
      line(`${STAGE_TITLES[STAGE_OF[status.step]]}: ${status.summary}`);
    },
    warn: line,
    close(receipt) {
      if (receipt !== null) line(`Ended: ${receipt.verdict}`);
      return Promise.resolve();
    },
  };
}
