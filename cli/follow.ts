import { NoWorkerError } from '../client/errors.js';
import type { ContainmentHandle } from '../client/handle.js';
import type { PlaybookClient } from '../client/playbook-client.js';
import type { ContainmentStatus, ContainRequest, Receipt } from '../contract/index.js';
import { TASK_QUEUES } from '../contract/names.js';
import { DetachedError } from './detached.js';
import type { Output } from './output.js';
import { openProgress } from './progress/open.js';
import { askWithPlan } from './text/asks.js';
import { offlineText } from './text/offline.js';

export interface FollowOptions {
  output: Output;
  wait: boolean;
  timeoutMs?: number;
  /** Aborted by Ctrl-C: the waiting ends, the run goes on. */
  signal: AbortSignal;
}

/**
 * Starts or joins the containment and follows it to its end with progress on stderr.
 * @throws {@link DetachedError} after Ctrl-C, {@link NoWorkerError} where nobody would do the work.
 */
export async function followRun(
  playbook: PlaybookClient,
  request: ContainRequest,
  o: FollowOptions,
): Promise<{ started: ContainmentHandle; receipt: Receipt | null }> {
  const started = await start(playbook, request, o);
  const { workflowId, runId } = started;
  if (started.noWorker) {
    const what = `${workflowId} was started (run ${runId}) and goes on by itself when one comes.`;
    if (o.wait) throw new NoWorkerError(TASK_QUEUES.main, what, { workflowId, runId });
    o.output.note(
      `No worker polls the task queue ${TASK_QUEUES.main}. ${what} Start one: cb-playbook worker`,
    );
  }
  if (!o.wait) return { started, receipt: null };
  o.output.note(opening(started));
  const progress = await openProgress(o.output);
  let told: string | null = null;
  try {
    const receipt = await started.waitForReceipt({
      timeoutMs: o.timeoutMs,
      signal: o.signal,
      onStatus: (status) => {
        // A new plan is a new question.
        const asked = `${status.step} ${status.approval?.plan.digest ?? ''}`;
        const news = asked === told ? null : newsOf(status, request);
        told = asked;
        if (news !== null) progress.warn(news);
        progress.show(status);
      },
      onNoWorker: () =>
        progress.warn(`No worker polls ${TASK_QUEUES.main} any more: the run goes on when one comes.`),
    });
    await progress.close(receipt);
    return { started, receipt };
  } catch (error) {
    await progress.close(null);
    throw o.signal.aborted ? new DetachedError(started) : error;
  }
}

/** What a person must know of the step that the run has come to. */
function newsOf(status: ContainmentStatus, request: ContainRequest): string | null {
  if (status.step === 'wait-online')
    return offlineText(status.target?.hostname ?? status.workflowId, request);
  return askWithPlan(status);
}

async function start(
  playbook: PlaybookClient,
  request: ContainRequest,
  o: FollowOptions,
): Promise<ContainmentHandle> {
  try {
    return await playbook.containEndpoint(request, {
      signal: o.signal,
      onClosing: (run) => o.output.note(`${run.workflowId} is just closing; a new run follows its end.`),
    });
  } catch (error) {
    throw o.signal.aborted ? new DetachedError(null) : error;
  }
}

function opening({ how, workflowId, webUrl }: ContainmentHandle): string {
  const text = {
    started: `Started ${workflowId}.`,
    joined: `${workflowId} is running already: this request was added to it.`,
    repeated: `A run has taken this request before: ${workflowId}.`,
  }[how];
  return webUrl === null ? text : `${text} ${webUrl}`;
}
