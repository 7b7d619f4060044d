import type { Client } from '@temporalio/client';
import type { ContainmentStatus, ContainRequest, Receipt } from '../contract/index.js';
import { cancelRun, type CancelOptions } from './cancel.js';
import { receiptOfClosed } from './closed-run.js';
import { connect, type ConnectOptions } from './connect.js';
import { StillRunningError } from './errors.js';
import { findRunOrLookUp as findRun } from './find-by-lookup.js';
import { isRunning } from './find-run.js';
import { type GuardMethods, guardMethods } from './guard-methods.js';
import { type ContainmentHandle, handleOf } from './handle.js';
import { type OperatorMethods, operatorMethods } from './operators.js';
import type { Session } from './session.js';
import { joinRun, type StartOptions, startOrJoin } from './start.js';
import { statusOf } from './status.js';
import { type TemporalCheck, checkTemporal } from './temporal-check.js';
import { waitForReceipt, type WaitOptions } from './wait.js';
import { webBase, webLink } from './web-link.js';

/**
 * What automation needs of the playbook. `idOrHost` is the exact workflow id of a containment, else the name of a
 * host (`win7pro64` means the latest run of `contain/win7pro64`).
 * Every method throws a {@link PlaybookError} for what can be expected to go wrong, and nothing is done twice by
 * calling again.
 */
export interface PlaybookClient extends OperatorMethods, GuardMethods {
  /**
   * Starts the containment of a host, or adds the request to the one that is running; `how` tells which it was.
   * Resolves as soon as the run has the request; it does not wait for the end.
   * A request with a `requestId` that was taken before gives that run (`how: 'repeated'`), closed or not.
   * @throws {@link InvalidRequestError} with every mistake; nothing was started then.
   */
  containEndpoint(request: ContainRequest, options?: StartOptions): Promise<ContainmentHandle>;
  /** Adds a request to a running containment, also to one with a workflow id of its own. Never starts one. */
  join(idOrHost: string, request: ContainRequest, options?: StartOptions): Promise<ContainmentHandle>;
  /** What the run is doing; after it closed, what it did. Needs a worker only while it runs. */
  status(idOrHost: string): Promise<ContainmentStatus>;
  /**
   * The receipt of a closed run; needs no worker.
   * @throws {@link StillRunningError} while it runs, {@link RunTerminatedError} where it was ended from outside.
   */
  receipt(idOrHost: string): Promise<Receipt>;
  /** Waits for the end of the run that is the latest one now. */
  waitForReceipt(idOrHost: string, options?: WaitOptions): Promise<Receipt>;
  /** Requests cancellation; what is undone is up to the failure policy, which `policy` changes first. */
  cancel(idOrHost: string, options?: CancelOptions): Promise<{ workflowId: string; runId: string }>;
  /** The page of a run in Temporal Web, or `null` where Temporal Web is not known. */
  webLink(workflowId: string, runId: string): string | null;
  /** Whether Temporal answers, who polls, and which search attributes the namespace has. */
  check(): Promise<TemporalCheck>;
  /** Closes the connection that this client opened; a caller's own is left alone. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PlaybookClientOptions extends ConnectOptions {
  /** The caller's own Temporal client, with its codecs and interceptors; then nothing is read from the environment. */
  client?: Client;
}

/**
 * Connects, or takes the caller's Temporal client.
 *
 * ```ts
 * const playbook = await createPlaybookClient();
 * const run = await playbook.containEndpoint({ hostname: 'win7pro64', processName: 'vnc.exe' });
 * const receipt = await run.waitForReceipt({ timeoutMs: 15 * 60_000 });
 * console.log(receipt.verdict, receipt.summary);
 * await playbook.close();
 * ```
 * @throws {@link TemporalUnreachableError}
 */
export async function createPlaybookClient(options: PlaybookClientOptions = {}): Promise<PlaybookClient> {
  if (options.client) return playbookClientOf(options.client, options);
  const session = await connect(options);
  return methodsOn(session, () => session.connection.close());
}

/** The playbook on a Temporal client that the caller has and closes. */
export function playbookClientOf(client: Client, o: { webUrl?: string } = {}): PlaybookClient {
  const session: Session = {
    client,
    namespace: client.options.namespace,
    address: 'the given connection',
    webBase: webBase(o.webUrl, null, process.env),
  };
  return methodsOn(session, () => Promise.resolve());
}

function methodsOn(session: Session, close: () => Promise<void>): PlaybookClient {
  return {
    ...operatorMethods(session),
    ...guardMethods(session),
    containEndpoint: async (request, options) =>
      handleOf(session, await startOrJoin(session, request, options)),
    join: async (idOrHost, request, options) =>
      handleOf(session, await joinRun(session, idOrHost, request, options)),
    status: async (idOrHost) => await statusOf(session, await findRun(session, idOrHost)),
    receipt: async (idOrHost) => {
      const run = await findRun(session, idOrHost);
      if (isRunning(run)) throw new StillRunningError(run.workflowId, run.runId);
      return await receiptOfClosed(session, run);
    },
    waitForReceipt: async (idOrHost, options) =>
      await waitForReceipt(session, await findRun(session, idOrHost), options),
    cancel: async (idOrHost, options = {}) => {
      const run = await findRun(session, idOrHost);
      await cancelRun(session, run, options);
      return { workflowId: run.workflowId, runId: run.runId };
    },
    webLink: (workflowId, runId) => webLink(session.webBase, session.namespace, workflowId, runId),
    check: () => checkTemporal(session),
    close,
    [Symbol.asyncDispose]: close,
  };
}
