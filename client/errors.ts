import { describeMistakes, type Mistake } from '../contract/index.js';

/**
 * What every failure of this library tells: what was wrong (`message`), what was expected, what to do next.
 * `code` is stable and meant for programs. No error carries a token, a stack of the server or a gRPC object.
 */
export abstract class PlaybookError extends Error {
  abstract readonly code: string;
  constructor(
    message: string,
    readonly expected: string | null,
    readonly next: string | null,
  ) {
    super(message);
    this.name = new.target.name;
  }

  /** Facts beside the message, for machines. */
  details(): Record<string, unknown> {
    return {};
  }

  toJSON(): Record<string, unknown> {
    const { code, message, expected, next } = this;
    return { code, message, expected, next, ...this.details() };
  }
}

/** The request itself is wrong; `mistakes` lists everything that is. Nothing was changed. */
export class InvalidRequestError extends PlaybookError {
  readonly code = 'InvalidRequest';
  constructor(readonly mistakes: readonly Mistake[]) {
    super(
      `The request is wrong: ${describeMistakes(mistakes)}`,
      [...new Set(mistakes.map((m) => m.expected))].slice(0, 20).join(' | '),
      'Correct the request and send it again; nothing was changed on any host.',
    );
  }

  override details(): Record<string, unknown> {
    return { mistakes: this.mistakes };
  }
}

/** A running containment of that name works on another sensor, and the two cannot be one. Nothing was changed. */
export class DifferentRequestError extends PlaybookError {
  readonly code = 'DifferentRequest';
  constructor(workflowId: string, why: string) {
    super(
      `${workflowId} is running for something else: ${why}`,
      'A request that can be added to the running containment.',
      `Wait for its end (status ${workflowId}), or ask for the other sensor by its own id.`,
    );
  }
}

/** A guard rail refuses this request, whatever is running. Nothing was changed. */
export class RequestRefusedError extends PlaybookError {
  readonly code = 'RequestRefused';
  constructor(
    /** A type of `FAILURES`, e.g. `ProtectedProcess`. */
    readonly type: string,
    why: string,
  ) {
    super(
      `The request was refused: ${why}`,
      'A process or hash that is not protected.',
      'Ask for another one.',
    );
  }

  override details(): Record<string, unknown> {
    return { type: this.type };
  }
}

/** Temporal does not answer at this address, or lets us not in. */
export class TemporalUnreachableError extends PlaybookError {
  readonly code = 'TemporalUnreachable';
  constructor(
    readonly address: string,
    why: string,
    next = 'Start it (temporal server start-dev), or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, or a profile in the Temporal configuration file.',
  ) {
    super(`Temporal at ${address}: ${why}`, 'A Temporal server that answers.', next);
  }

  override details(): Record<string, unknown> {
    return { address: this.address };
  }
}

/** A setting of Temporal's, or its configuration file, cannot be used. Nobody was asked. */
export class InvalidSettingError extends PlaybookError {
  readonly code = 'InvalidSetting';
  constructor(message: string, expected: string) {
    super(
      message,
      expected,
      'Correct the TEMPORAL_… variables, or the TOML file that TEMPORAL_CONFIG_FILE names; nothing was started.',
    );
  }
}

/** Nobody polls the playbook's task queue: what needs a worker cannot be done now. */
export class NoWorkerError extends PlaybookError {
  readonly code = 'NoWorker';
  constructor(
    taskQueue: string,
    what: string,
    readonly run: { workflowId: string; runId: string } | null = null,
  ) {
    super(
      `No worker polls the task queue ${taskQueue}. ${what}`,
      'At least one running cb-playbook worker.',
      'Start one: cb-playbook worker; then try again.',
    );
  }

  override details(): Record<string, unknown> {
    return this.run === null ? {} : { ...this.run };
  }
}

/** A worker polls and has not answered: what was asked may still be done. */
export class WorkerBusyError extends PlaybookError {
  readonly code = 'WorkerBusy';
  constructor(
    workflowId: string,
    readonly run: { workflowId: string; runId: string } | null,
  ) {
    super(
      `The worker has not answered: it has too much to do, or cannot go on with ${workflowId}. The request may still be taken up.`,
      'A worker that answers within half a minute.',
      `Look: cb-playbook status ${workflowId}; then try again. The worker's log says where a run stands still.`,
    );
  }

  override details(): Record<string, unknown> {
    return this.run === null ? {} : { ...this.run };
  }
}

/** No run has that id, and none contains a host of that name. */
export class NoSuchRunError extends PlaybookError {
  readonly code = 'NoSuchRun';
  constructor(
    message: string,
    next = 'Look at the list of runs in Temporal Web, or give the exact workflow id.',
  ) {
    super(message, 'A host name or the workflow id of a containment.', next);
  }
}

/** The run has not closed yet; it goes on. */
export class StillRunningError extends PlaybookError {
  readonly code = 'StillRunning';
  constructor(
    readonly workflowId: string,
    readonly runId: string,
    message = `${workflowId} is still running.`,
  ) {
    super(message, 'A run that has closed.', `It goes on by itself. Look: cb-playbook status ${workflowId}`);
  }

  override details(): Record<string, unknown> {
    return { workflowId: this.workflowId, runId: this.runId };
  }
}

/** The run was terminated or timed out: nothing was undone, and the host may still be isolated under its lease. */
export class RunTerminatedError extends PlaybookError {
  readonly code = 'RunTerminated';
  constructor(
    readonly workflowId: string,
    readonly runId: string,
    readonly closedAs: string,
  ) {
    super(
      `${workflowId} was ended from outside (${closedAs}) and has no receipt: nothing was undone, and the host may still be isolated under its lease.`,
      'A run that ended by itself or was cancelled.',
      `Look at its history in Temporal Web, and at the workflows named isolation/<sensor id>: they say which host is isolated, for whom and until when. A new containment of the host says so too.`,
    );
  }

  override details(): Record<string, unknown> {
    return { workflowId: this.workflowId, runId: this.runId, closedAs: this.closedAs };
  }
}

/** The run closed, and what it left is no receipt (a newer playbook, or a failure of the worker itself). */
export class NoReceiptError extends PlaybookError {
  readonly code = 'NoReceipt';
  constructor(
    readonly workflowId: string,
    readonly runId: string,
    why: string,
  ) {
    super(
      `${workflowId} closed without a readable receipt: ${why}`,
      'A receipt in the memo or the result of the run.',
      'Look at the run in Temporal Web; the host may be isolated.',
    );
  }

  override details(): Record<string, unknown> {
    return { workflowId: this.workflowId, runId: this.runId };
  }
}
