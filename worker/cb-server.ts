import {
  CbConfigError,
  CbResponse,
  isCbError,
  loadCbResponseConfig,
  secretsOf,
} from '../cb-response/index.js';
import type { ServerInfo } from '../cb-response/index.js';
import { WorkerStartError } from './start-error.js';

export type LoadedCbConfig = ReturnType<typeof loadCbResponseConfig>;

/** Server and token from the environment or a credentials profile. Throws {@link WorkerStartError}. */
export function loadCbConfig(env: NodeJS.ProcessEnv, profile?: string): LoadedCbConfig {
  return usable(() => loadCbResponseConfig({ env, profile }));
}

/** A client for it, and what must never be printed of it. Throws {@link WorkerStartError}; sends nothing. */
export function openCb(
  config: LoadedCbConfig,
  env: NodeJS.ProcessEnv,
): { cb: CbResponse; secrets: readonly string[] } {
  return usable(() => ({ cb: new CbResponse(config), secrets: secretsOf(config, env) }));
}

function usable<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof CbConfigError)) throw error;
    throw new WorkerStartError({
      code: 'cb-configuration',
      message: error.message,
      expected: 'CBAPI_URL and CBAPI_TOKEN in the environment, or a profile of a credentials.response file.',
      next: 'Correct it and start the worker again; docs/configuration.md lists every setting.',
    });
  }
}

/** Trouble that passes by itself: the server is down, restarting, or out of reach. */
export function isPassing(error: unknown): boolean {
  return isCbError(error, 'unreachable', 'unavailable', 'unknown-outcome', 'rate-limited', 'conflict');
}

/**
 * One cheap read with the token (GET /api/info, API reference 2): is this a Cb Response server, and does it know us?
 * A worker that polled with a wrong token would end every containment it touches. Trouble that passes is thrown as
 * it is; the rest as {@link WorkerStartError}.
 */
export async function checkCbServer(cb: CbResponse, signal?: AbortSignal): Promise<ServerInfo> {
  try {
    return await cb.info({ signal });
  } catch (error) {
    if (!isCbError(error) || isPassing(error)) throw error;
    throw refusal(error.kind, cb.serverName, error.message);
  }
}

function refusal(kind: string, server: string, message: string): WorkerStartError {
  if (kind === 'unauthorized' || kind === 'forbidden') {
    return new WorkerStartError({
      code: 'wrong-token',
      message: `The Cb server ${server} does not accept the API token. ${message}`,
      expected: 'The API token of a console user of that very server.',
      next: "Copy the token from the user's profile page in its console (My Profile, API Token) into CBAPI_TOKEN or the profile.",
    });
  }
  if (kind === 'tls') {
    return new WorkerStartError({
      code: 'certificate',
      message: `There is no trusted connection to the Cb server ${server}. ${message}`,
      expected: 'A certificate that this machine trusts, for the name in the url.',
      next: 'Name the certificate file in CBAPI_SSL_CERT_FILE; docs/configuration.md shows how.',
    });
  }
  return new WorkerStartError({
    code: 'wrong-server',
    message: `${server} does not answer as a Cb Response server. ${message}`,
    expected:
      'The url of a Carbon Black Response (EDR) server, 5.2 or newer; Carbon Black Cloud is another product.',
    next: 'Check CBAPI_URL, or the url of the profile: scheme, host and port as in the console.',
  });
}
