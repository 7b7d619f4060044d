import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AgentOptions } from 'node:https';
import { CbConfigError } from './errors.js';
import { readText } from './read-text.js';
import { systemProxyFor } from './system-proxy.js';
import { TunnelAgent } from './tunnel-agent.js';
import type { CbResponseConfig, TlsConfig } from './types.js';

/** The certificates of every authority of the world have a quarter of it. */
const MOST_PEM_BYTES = 1_000_000;

/**
 * The connections of one client. An idle one is closed after 30 s, before the server's front end does it: a request
 * that meets a closing connection ends as an unknown outcome.
 */
export function makeAgent(config: CbResponseConfig, env: NodeJS.ProcessEnv = process.env): HttpAgent {
  const secure = new URL(config.url).protocol === 'https:';
  const pool = { keepAlive: true, timeout: 30_000 };
  const tls = secure ? tlsOptions(config.tls ?? {}) : {};
  const proxy = proxyOf(config, env);
  if (proxy !== null) return new TunnelAgent(checkProxy(proxy), pool, tls);
  return secure ? new HttpsAgent({ ...pool, ...tls }) : new HttpAgent(pool);
}

/** The proxy that a client goes by, as it was written; null for none. */
export function proxyOf(
  config: Pick<CbResponseConfig, 'url' | 'proxy' | 'useSystemProxy'>,
  env: NodeJS.ProcessEnv,
): string | null {
  return config.proxy || (config.useSystemProxy === true ? systemProxyFor(config.url, env) : null) || null;
}

/** Throws CbConfigError for what is not an http(s) URL; never repeats the URL, which may hold a password. */
export function checkProxy(proxy: string): URL {
  const text = proxy.includes('://') ? proxy : `http://${proxy}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new CbConfigError(
      'The proxy is not a URL. Expected http://host:port or https://host:port; correct `proxy` of the profile.',
    );
  }
  return url;
}

function tlsOptions(tls: TlsConfig): AgentOptions {
  const ca = tls.ca ?? (tls.caFile === undefined ? undefined : readPem(tls.caFile));
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: tls.verify !== false,
    ...(ca === undefined ? {} : { ca }),
    ...(tls.verifyHostname === false ? { checkServerIdentity: () => undefined } : {}),
  };
}

function readPem(file: string): string {
  let text: string | null;
  try {
    text = readText(file, MOST_PEM_BYTES);
  } catch (e) {
    const code = (e as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CbConfigError(
      `The certificate file ${file} cannot be read (${code}). Expected a PEM file; correct CBAPI_SSL_CERT_FILE or ssl_cert_file.`,
    );
  }
  if (text === null || !text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new CbConfigError(
      `The certificate file ${file} holds no PEM certificate. Expected a text with BEGIN CERTIFICATE; ` +
        'convert it (openssl x509 -inform der) or name another file.',
    );
  }
  return text;
}
