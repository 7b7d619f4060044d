import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { temporalMistake } from '../contract/temporal-settings.js';
import { WorkerStartError } from './start-error.js';

export interface TemporalConfig {
  connectionOptions: NativeConnectionOptions & { address: string };
  namespace: string;
  /** Never to be logged. */
  secrets: string[];
}

/** `TEMPORAL_*` and the TOML file they name. Throws {@link WorkerStartError}. */
export function loadTemporalConfig(env: NodeJS.ProcessEnv): TemporalConfig {
  const config = load(env);
  const mistake = temporalMistake({ ...config.connectionOptions, namespace: config.namespace, env });
  if (mistake === null) return config;
  throw unusable(`${mistake.field}: ${mistake.problem}`, mistake.expected);
}

function load(env: NodeJS.ProcessEnv): TemporalConfig {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(
        Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
      ),
    });
    return {
      connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? 'localhost:7233' },
      namespace: namespace ?? 'default',
      secrets: secretsOf(connectionOptions),
    };
  } catch (error) {
    // The TOML parser quotes the lines around a mistake, and an API key may be on one of them: its first line only.
    throw unusable(
      firstLine((error as Error).message),
      'TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, or a TOML file that has the profile TEMPORAL_PROFILE.',
    );
  }
}

/** The API key, the values of extra headers, and the lines of the client's own key. */
function secretsOf({ apiKey, metadata, tls }: NativeConnectionOptions): string[] {
  const key = typeof tls === 'object' && tls !== null ? tls.clientCertPair?.key : undefined;
  return [
    ...(typeof apiKey === 'string' ? [apiKey] : []),
    ...Object.values(metadata ?? {}).filter((value): value is string => typeof value === 'string'),
    ...(key === undefined ? [] : Buffer.from(key).toString('utf8').split(/\r?\n/)).filter(
      (line) => line.length >= 16 && !line.startsWith('-----'),
    ),
  ];
}

function unusable(why: string, expected: string): WorkerStartError {
  return new WorkerStartError({
    code: 'temporal-configuration',
    message: `The Temporal configuration cannot be used: ${why}`,
    expected,
    next: 'Correct it and start the worker again; docs/configuration.md lists every setting.',
  });
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
  if (/(PrivateKey|Certificate)ParseError|InvalidCertificate|InvalidIdentity/.test(text)) {
    return unusable(firstLine(text), 'A client certificate and its key in TEMPORAL_TLS_…, both PEM.');
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
