import { Runtime } from '@temporalio/worker';
import { IllegalStateError } from '@temporalio/common';
import type { Logger as Pino } from 'pino';
import { temporalLogger } from './log.js';
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
