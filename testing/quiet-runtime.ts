import { DefaultLogger, Runtime } from '@temporalio/worker';

let asked = false;

/** Keeps the SDK's log to errors, unless the process has a runtime of its own already. */
export function quietRuntime(): void {
  if (asked) return;
  asked = true;
  try {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
    });
  } catch (error) {
    if ((error as Error).name !== 'IllegalStateError') throw error;
  }
}
