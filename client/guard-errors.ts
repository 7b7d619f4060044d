import { BRAKES_ID, TASK_QUEUES } from '../contract/index.js';
import { PlaybookError } from './errors.js';

/** The run goes on: its own failure policy undoes its work when it is cancelled. Nothing was changed. */
export class NotClosedError extends PlaybookError {
  readonly code = 'StillRunning';
  constructor(
    readonly workflowId: string,
    readonly runId: string,
  ) {
    super(
      `${workflowId} is still running, and only a run that has closed can be undone.`,
      'A containment that has closed.',
      `Cancel it, and it undoes its own work: cb-playbook cancel ${workflowId} --release. An earlier run: undo ${workflowId} --run-id ID.`,
    );
  }

  override details(): Record<string, unknown> {
    return { workflowId: this.workflowId, runId: this.runId };
  }
}

/** The undo has not ended within the wait; it goes on by itself. */
export class UndoGoesOnError extends PlaybookError {
  readonly code = 'StillRunning';
  constructor(
    /** Of the undo itself. */
    readonly workflowId: string,
    readonly runId: string,
    undone: string,
  ) {
    super(
      `The undo of ${undone} goes on: the host has not confirmed its release yet, or the server does not answer.`,
      'An undo that has ended.',
      `It goes on by itself. See its end: cb-playbook undo ${undone} --yes, which joins it.`,
    );
  }

  override details(): Record<string, unknown> {
    return { workflowId: this.workflowId, runId: this.runId };
  }
}

/** The brakes run, and a running workflow takes a pause only by a worker. The playbook was not paused for certain. */
export class BrakesNeedWorkerError extends PlaybookError {
  readonly code = 'NoWorker';
  constructor(namespace: string) {
    super(
      `No worker polls the task queue ${TASK_QUEUES.main}, and the workflow ${BRAKES_ID} runs, which only a worker can pause. Whether the playbook is paused is not known for certain.`,
      'A worker, or no running brakes.',
      `With all workers stopped: temporal workflow terminate --workflow-id ${BRAKES_ID} --namespace ${namespace}, then pause again: it needs no worker then, and no count is lost. Or start a worker (cb-playbook worker) and pause at once.`,
    );
  }
}
