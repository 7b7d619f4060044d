import { connect as openSocket } from 'node:net';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { TemporalUnreachableError } from './errors.js';
import type { Session } from './session.js';
import { webBase } from './web-link.js';

export interface ConnectOptions {
  /** Host and port of Temporal, before `TEMPORAL_ADDRESS` and its configuration file. */
  address?: string;
  /** Before `TEMPORAL_NAMESPACE` and the configuration file. */
  namespace?: string;
  /** Profile of Temporal's own configuration file (`TEMPORAL_PROFILE`). */
  profile?: string;
  /** Where Temporal Web is, for links. Default `CB_PLAYBOOK_WEB_URL`, then the dev server's usual place. */
  webUrl?: string;
  /** Default `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** How long a connection may take to come up; default 5000. */
  connectTimeoutMs?: number;
}

/**
 * Connects as Temporal's own tools do: environment (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS_…`) before its TOML file.
 * @throws {@link TemporalUnreachableError} where nobody answers or the configuration cannot be read.
 */
export async function connect(o: ConnectOptions = {}): Promise<Session & { connection: Connection }> {
  const env = o.env ?? process.env;
  const { options, namespace } = readConfig(o, env);
  const address = options.address ?? '127.0.0.1:7233';
  const connectTimeout = o.connectTimeoutMs ?? 5_000;
  await probe(address, connectTimeout, env);
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...options, address, connectTimeout });
  } catch (error) {
    throw new TemporalUnreachableError(address, `it cannot be reached (${shortMessage(error)}).`);
  }
  const client = new Client({ connection, namespace });
  return { client, connection, namespace, address, webBase: webBase(o.webUrl, address, env) };
}

function readConfig(
  o: ConnectOptions,
  env: NodeJS.ProcessEnv,
): { options: ConnectionOptions; namespace: string } {
  try {
    const overrideEnvVars = Object.fromEntries(
      Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    const config = loadClientConnectConfig({ profile: o.profile, overrideEnvVars });
    // envconfig types its options for the worker's connection; address, tls, apiKey and metadata are the same here.
    const options = config.connectionOptions as ConnectionOptions;
    return {
      options: o.address ? { ...options, address: o.address } : options,
      namespace: o.namespace ?? config.namespace ?? 'default',
    };
  } catch (error) {
    throw new TemporalUnreachableError(
      o.address ?? env['TEMPORAL_ADDRESS'] ?? '(no address)',
      `its client configuration cannot be used (${configProblem(error)}).`,
      'Correct the TEMPORAL_… variables or the TOML file that TEMPORAL_CONFIG_FILE names.',
    );
  }
}

/**
 * gRPC retries a refused connection until its time-out and then says only "deadline". A plain socket tells at once,
 * and why. Behind a proxy the address cannot be judged from here.
 */
async function probe(address: string, timeoutMs: number, env: NodeJS.ProcessEnv): Promise<void> {
  if (['grpc_proxy', 'https_proxy', 'http_proxy'].some((name) => env[name])) return;
  const match = /^(?:\[([^\]]+)\]|([^:/]+)):(\d{1,5})$/.exec(address);
  if (!match) return;
  const host = (match[1] ?? match[2]) as string;
  await new Promise<void>((resolve, reject) => {
    const socket = openSocket({ host, port: Number(match[3]), timeout: timeoutMs });
    const done = (why: string | null): void => {
      socket.destroy();
      if (why === null) resolve();
      else reject(new TemporalUnreachableError(address, why));
    };
    socket.once('connect', () => done(null));
    socket.once('timeout', () => done(`no answer within ${timeoutMs / 1000} s.`));
    socket.once('error', (error: NodeJS.ErrnoException) => done(socketProblem(error)));
  });
}

function socketProblem(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'nobody listens there (connection refused).';
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'that host name cannot be found.';
  return `it cannot be reached (${error.code ?? shortMessage(error)}).`;
}

/** Of a file without a single profile the SDK's reader says only that something undefined has no properties. */
function configProblem(error: unknown): string {
  return error instanceof TypeError ? 'the file has no [profile.…] table' : shortMessage(error);
}

/** The first line alone: a TOML parser quotes the lines around a mistake, and an API key may stand there. */
function shortMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').slice(0, 200);
}
