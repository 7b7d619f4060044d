import { loadCbConfig, openCb } from './cb-server.js';
import { sayLastWords } from './last-words.js';
import { createLog } from './log.js';
import { forgetSecrets, secretsOfNotifyUrl } from './own-secrets.js';
import { untilPolling } from './pollers.js';
import { createScrub, type Scrub } from './scrub.js';
import { readSettings, type WorkerProcessOptions } from './settings.js';
import { WorkerStartError } from './start-error.js';
import { startBoth } from './start.js';
import { stopSignal } from './stop-signal.js';
import { loadTemporalConfig } from './temporal.js';
import { findWorkflows } from './workflow-source.js';

/** The one line on stdout that says the worker polls. */
export interface ReadyLine {
  ready: true;
  pid: number;
  /** Name of the Cb server, as containments freeze it. */
  server: string;
  serverVersion: string;
  temporal: string;
  namespace: string;
  taskQueues: string[];
  slots: number;
  metrics: string | null;
}

/**
 * A worker process from start to drained stop: `cb-playbook worker`. Resolves when a signal (SIGTERM, SIGINT) has
 * stopped it; a signal while it still waits for a server stops it at once.
 *
 * Throws {@link WorkerStartError}, before anything is polled, where a setting, the token or a server is wrong. What
 * is merely not there yet (Cb server or Temporal) is waited for, with one log line at the start of the wait and one
 * at its end; so is a Temporal connection that is lost while running.
 */
export async function runWorkerProcess(o: WorkerProcessOptions = {}): Promise<void> {
  const settings = readSettings(o);
  findWorkflows(settings.bundle);
  const cbConfig = loadCbConfig(settings.env, settings.profile);
  const temporal = loadTemporalConfig(settings.env);
  const { env, notify } = settings;
  const { cb, secrets } = openCb(cbConfig, env);
  const scrub = createScrub([...secrets, ...temporal.secrets, ...secretsOfNotifyUrl(notify?.url)]);
  if (env === process.env) forgetSecrets(env);
  const log = createLog(settings.logLevel, scrub);
  const lastWords = sayLastWords(log);
  if (cbConfig.ignoredProfile) {
    log.warn(`CBAPI_URL and CBAPI_TOKEN are set: the profile "${cbConfig.ignoredProfile}" is not looked at.`);
  }
  log.info(`Policy: ${settings.policy?.name ?? 'built-in'}.`);
  const stop = stopSignal();
  try {
    const start = await startBoth({ cb, temporal, settings, scrub, log }, stop.signal);
    const running = start.workers.run();
    // From here on the SDK's own signal handler drains the workers; a signal before that was ours to see.
    stop.dispose();
    if (stop.signal.aborted) start.workers.shutdown();
    const { taskQueues } = start.workers;
    const polls = untilPolling(start.connection, temporal.namespace, taskQueues).then(() => true);
    const isPolling = await Promise.race([running.then(() => false), polls]);
    const line: ReadyLine = {
      ready: true,
      pid: process.pid,
      server: cb.serverName,
      serverVersion: start.serverVersion,
      temporal: temporal.connectionOptions.address,
      namespace: temporal.namespace,
      taskQueues,
      slots: start.slots,
      metrics: settings.metrics ? `http://${settings.metrics.host}:${settings.metrics.port}/metrics` : null,
    };
    if (isPolling) process.stdout.write(`${JSON.stringify(line)}\n`);
    await running;
    await start.connection.close();
  } catch (error) {
    if (!stop.signal.aborted) throw withoutSecrets(error, scrub);
    log.info('Stopped before the worker had started to poll.');
  } finally {
    stop.dispose();
    lastWords.dispose();
    cb.close();
  }
}

/** What the worker ends with is printed by whoever started it, who does not know its secrets. */
function withoutSecrets(error: unknown, scrub: Scrub): unknown {
  if (!(error instanceof Error)) return scrub(String(error));
  if (error instanceof WorkerStartError) {
    const { code, message, expected, next } = error;
    return new WorkerStartError({
      code,
      message: scrub(message),
      expected: scrub(expected),
      next: scrub(next),
    });
  }
  const clean = new Error(scrub(error.message));
  clean.name = error.name;
  return clean;
}
