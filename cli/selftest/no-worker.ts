import type { WaitOptions } from '../../client/wait.js';
import { NoWorkerError } from '../../client/errors.js';
import { TASK_QUEUES } from '../../contract/index.js';
import type { Lab } from './lab.js';

/**
 * Waits as told, but not for ever for a worker: one that is started again goes on, and where none comes the lab host must
 * not stand isolated. Says so where a person is asked to approve.
 */
export async function waitingForWorker<T>(
  lab: Lab,
  timeoutMs: number,
  noWorker: boolean,
  wait: (o: WaitOptions) => Promise<T>,
): Promise<T> {
  const given = new AbortController();
  const gone = (): void =>
    given.abort(new NoWorkerError(TASK_QUEUES.main, 'The self-test does not wait for one any longer.'));
  let timer: NodeJS.Timeout | null = null;
  const onNoWorker = (): void => {
    lab.deps.note(`No worker polls ${TASK_QUEUES.main}: waiting ${lab.limits.noWorkerMs / 1_000} s for one.`);
    timer ??= setTimeout(gone, lab.limits.noWorkerMs);
  };
  const clear = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const own = lab.hand.signal;
  const stop = (): void => given.abort(own?.reason);
  own?.addEventListener('abort', stop, { once: true });
  if (own?.aborted) stop();
  if (noWorker) onNoWorker();
  let asked = '';
  try {
    return await wait({
      timeoutMs,
      signal: given.signal,
      onNoWorker,
      onStatus: ({ workflowId, approval }) => {
        clear();
        const digest = approval?.plan.digest ?? '';
        if (digest !== '' && digest !== asked)
          lab.deps.note(`The policy asks for approval: cb-playbook approve ${workflowId} --digest ${digest}`);
        asked = digest;
      },
    });
  } finally {
    clear();
    own?.removeEventListener('abort', stop);
  }
}
