import { DefaultLogger, type LogEntry, type LogLevel, Runtime } from '@temporalio/worker';
import { IllegalStateError } from '@temporalio/common';
import type { Logger as Pino } from 'pino';
import type { PlaybookLogLevel } from './log.js';
import { WorkerStartError } from './start-error.js';

/**
 * Installs the SDK's runtime: our log, and Prometheus metrics on `http://<host>:<port>/metrics` when a port is given.
 * Before any connection; does nothing where it is installed already. Throws {@link WorkerStartError} where the port cannot be had.
 */
export function installTelemetry(log: Pino, metrics: { host: string; port: number } | null): void {
  try {
    Runtime.install({
      logger: temporalLogger(log),
      telemetryOptions: {
        logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
        ...(metrics
          ? {
              metrics: {
                prometheus: {
                  bindAddress: `${metrics.host}:${metrics.port}`,
                  countersTotalSuffix: true,
                  unitSuffix: true,
                  useSecondsForDurations: true,
                },
              },
            }
          : {}),
      },
    });
  } catch (error) {
    if (error instanceof IllegalStateError) return;
    if (!metrics) throw error;
    throw new WorkerStartError({
      code: 'metrics-port',
      message: `Metrics cannot be served on ${metrics.host}:${metrics.port}: ${(error as Error).message}`,
      expected: 'A free port, and the address of an interface of this machine.',
      next: 'Take another --metrics-port, or leave it out.',
    });
  }
}

/** What the SDK says of a worker that is as it should be: the Live Response worker has no workflows, nor Nexus any. */
const EXPECTED = /^No (workflows|activities|Nexus services) registered, not polling/;

/** The same log, as the Temporal SDK wants it. */
function temporalLogger(log: Pino): DefaultLogger {
  const write = ({ level, message, meta }: LogEntry): void => {
    const shown = EXPECTED.test(message) ? 'debug' : (level.toLowerCase() as PlaybookLogLevel);
    log[shown](meta ?? {}, message);
  };
  return new DefaultLogger(log.level.toUpperCase() as LogLevel, write);
}
