import { NativeConnection } from '@temporalio/worker';
import type { Logger as Pino } from 'pino';
import type { CbResponse, ServerInfo } from '../cb-response/index.js';
import { untilItWorks } from './back-off.js';
import { checkCbServer, isPassing } from './cb-server.js';
import type { Scrub } from './scrub.js';
import { registerSearchAttributes } from './search-attributes.js';
import type { WorkerSettings } from './settings.js';
import { installTelemetry } from './telemetry.js';
import { firstLine, isConnectionTrouble, temporalRefusal, type TemporalConfig } from './temporal.js';
import { createPlaybookWorkers, DEFAULT_SLOTS, type PlaybookWorkers } from './workers.js';

/** The server's own settings are read at the start, and again when they are so old. */
const INFO_GOOD_FOR_MS = 10 * 60_000;

function waitForCbServer(cb: CbResponse, log: Pino, signal: AbortSignal): Promise<ServerInfo> {
  return untilItWorks(() => checkCbServer(cb, signal), isPassing, {
    signal,
    onWaiting: (error) =>
      log.warn(`Waiting for the Cb server ${cb.serverName}: ${firstLine((error as Error).message)}`),
    onBack: () => log.info(`The Cb server ${cb.serverName} is there.`),
  });
}

export interface Parts {
  cb: CbResponse;
  temporal: TemporalConfig;
  settings: WorkerSettings;
  scrub: Scrub;
  log: Pino;
}

export interface Started {
  connection: NativeConnection;
  workers: PlaybookWorkers;
  serverVersion: string;
  slots: number;
}

/** Looks at both servers at once; workers exist only when the Cb server has accepted us. */
export async function startBoth(parts: Parts, stop: AbortSignal): Promise<Started> {
  const refused = new AbortController();
  const cbServer = waitForCbServer(parts.cb, parts.log, stop);
  cbServer.catch((error: unknown) => refused.abort(error));
  try {
    return await waitForTemporal(parts, cbServer, AbortSignal.any([stop, refused.signal]));
  } catch (error) {
    // A refused token stops a wait for Temporal; what it says is then the reason.
    throw refused.signal.aborted ? refused.signal.reason : error;
  }
}

async function waitForTemporal(
  o: Parts,
  cbServer: Promise<ServerInfo>,
  signal: AbortSignal,
): Promise<Started> {
  const { address } = o.temporal.connectionOptions;
  const isDown = (error: unknown): boolean =>
    isConnectionTrouble(error) && temporalRefusal(error, o.temporal) === null;
  try {
    return await untilItWorks(() => connect(o, cbServer, signal), isDown, {
      signal,
      onWaiting: (error) =>
        o.log.warn(`Waiting for Temporal at ${address}: ${firstLine((error as Error).message)}`),
      onBack: () => o.log.info(`Temporal at ${address} is there.`),
    });
  } catch (error) {
    throw temporalRefusal(error, o.temporal) ?? error;
  }
}

async function connect(o: Parts, cbServer: Promise<ServerInfo>, signal: AbortSignal): Promise<Started> {
  const { namespace, connectionOptions } = o.temporal;
  // A failed connect has shut the runtime down, log and metrics with it.
  installTelemetry(o.log, o.settings.metrics);
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    // Creating a worker would find out too, but what it leaves then keeps the process alive (tried).
    await connection.workflowService.describeNamespace({ namespace });
    const attributes = await registerSearchAttributes(connection, namespace);
    if (attributes.added.length > 0) o.log.info(`Added search attributes: ${attributes.added.join(', ')}.`);
    if (attributes.why !== null) {
      o.log.warn(
        `The namespace lacks the search attributes ${attributes.missing.join(', ')} and this worker could not add ` +
          `them (${attributes.why}). Everything works without; docs/operations.md says how to add them.`,
      );
    }
    const info = await cbServer;
    signal.throwIfAborted();
    const slots = o.settings.slots ?? DEFAULT_SLOTS;
    const workers = await createPlaybookWorkers({
      connection,
      namespace,
      cb: o.cb,
      bundle: o.settings.bundle,
      slots,
      scrub: o.scrub,
      notify: o.settings.notify,
      policy: o.settings.policy,
      evidenceDir: o.settings.evidenceDir,
      info: { goodForMs: INFO_GOOD_FOR_MS, first: info },
    });
    return { connection, workers, serverVersion: info.version, slots };
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}
