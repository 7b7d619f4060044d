import { connect as openSocket } from 'node:net';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { temporalMistake } from '../contract/temporal-settings.js';
import { InvalidSettingError, TemporalUnreachableError } from './errors.js';
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
 * @throws {@link InvalidSettingError} where the configuration cannot be used, {@link TemporalUnreachableError} where nobody
 * answers.
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
    if (isTlsTrouble(error)) {
      throw new InvalidSettingError(
        `TEMPORAL_TLS_… cannot be used (${shortMessage(error)}).`,
        'A client certificate and its key, both PEM.',
      );
    }
    throw new TemporalUnreachableError(address, `it cannot be reached (${shortMessage(error)}).`);
  }
  const client = new Client({ connection, namespace });
  return { client, connection, namespace, address, webBase: webBase(o.webUrl, address, env) };
}

function readConfig(
  o: ConnectOptions,
  env: NodeJS.ProcessEnv,
): { options: ConnectionOptions; namespace: string } {
  const { options, namespace } = load(o, env);
  const mistake = temporalMistake({ ...options, namespace, env });
  const web = env['CB_PLAYBOOK_WEB_URL'];
  if (web && !(URL.canParse(web) && /^https?:$/.test(new URL(web).protocol))) {
    throw new InvalidSettingError(
      'CB_PLAYBOOK_WEB_URL is no http or https URL.',
      'The address of Temporal Web, or nothing.',
    );
  }
  if (mistake === null) return { options, namespace };
  const { field, problem, expected } = mistake;
  throw new InvalidSettingError(`${field} cannot be used. ${problem}`, expected);
}

function load(o: ConnectOptions, env: NodeJS.ProcessEnv): { options: ConnectionOptions; namespace: string } {
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
    throw new InvalidSettingError(
      `Temporal's client configuration cannot be used (${configProblem(error)}).`,
      'TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, or a TOML file that has the profile TEMPORAL_PROFILE.',
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

/** What OpenSSL says of a certificate or key that it cannot read. */
function isTlsTrouble(error: unknown): boolean {
  return error instanceof Error && /PEM routines|key values mismatch|no start line|asn1/i.test(error.message);
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
