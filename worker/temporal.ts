import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { WorkerStartError } from './start-error.js';

export interface TemporalConfig {
  connectionOptions: NativeConnectionOptions & { address: string };
  namespace: string;
  /** The API key, if any: never to be logged. */
  secrets: string[];
}

/** `TEMPORAL_*` and the TOML file they name. Throws {@link WorkerStartError}. */
export function loadTemporalConfig(env: NodeJS.ProcessEnv): TemporalConfig {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(
        Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
      ),
    });
    const { apiKey } = connectionOptions;
    return {
      connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? 'localhost:7233' },
      namespace: namespace ?? 'default',
      secrets: typeof apiKey === 'string' ? [apiKey] : [],
    };
  } catch (error) {
    throw new WorkerStartError({
      code: 'temporal-configuration',
      // The TOML parser quotes the lines around a mistake, and an API key may be on one of them: its first line only.
      message: `The Temporal configuration cannot be used: ${firstLine((error as Error).message)}`,
      expected:
        'TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, or a TOML file that has the profile TEMPORAL_PROFILE.',
      next: 'Correct it and start the worker again; docs/configuration.md lists every setting.',
    });
  }
}

/** The server answers, and will not have us: waiting does not help. Null where it may pass by itself. */
export function temporalRefusal(error: unknown, config: TemporalConfig): WorkerStartError | null {
  const text = error instanceof Error ? error.message : String(error);
  const { address } = config.connectionOptions;
  if (/unauthenticated|permission ?denied|invalid api key/i.test(text)) {
    return new WorkerStartError({
      code: 'temporal-refused',
      message: `Temporal at ${address} refuses this worker: ${firstLine(text)}`,
      expected: 'An API key or a client certificate with the right to the namespace.',
      next: 'Check TEMPORAL_API_KEY or TEMPORAL_TLS_*, and TEMPORAL_NAMESPACE.',
    });
  }
  if (/namespace .*not ?found|not ?found.*namespace/is.test(text)) {
    return new WorkerStartError({
      code: 'no-such-namespace',
      message: `Temporal at ${address} has no namespace "${config.namespace}".`,
      expected: 'An existing namespace.',
      next: 'Set TEMPORAL_NAMESPACE, or make it: temporal operator namespace create.',
    });
  }
  return null;
}

/** gRPC: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE */
const PASSING = new Set<unknown>([4, 8, 13, 14]);

/** Temporal is not there, or not able to answer: worth waiting for. */
export function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TransportError' || PASSING.has((error as { code?: unknown }).code);
}

export function firstLine(text: string): string {
  return (text.split('\n', 1)[0] as string).slice(0, 300);
}
