import { CbError } from './errors.js';

export interface CallName {
  method: string;
  path: string;
}

const HOST_NAME = new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']);
const DATES = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EHOSTDOWN',
]);

/** The error of a call that got no whole answer. Takes codes from what was thrown and keeps nothing else of it. */
export function errorFromNetwork(thrown: unknown, call: CallName): CbError {
  const { code, syscall, message } = traits(thrown);
  const base = { status: null, method: call.method, path: call.path, code };
  const tls = tlsTrouble(code, message);
  if (tls !== null) return new CbError({ ...base, kind: 'tls', ...tls });
  if (isBeforeSending(code, syscall, message)) {
    return new CbError({
      ...base,
      kind: 'unreachable',
      what: `no connection to the server (${code ?? 'the proxy or the handshake failed'})`,
      remedy: 'Nothing was sent: check the url, the network and the proxy.',
    });
  }
  return new CbError({
    ...base,
    kind: 'unknown-outcome',
    what: `the connection broke before the answer was whole (${code ?? 'no code'})`,
    remedy: 'Whether the server acted is unknown: read the state back first.',
  });
}

export function timeOutError(call: CallName, afterMs: number): CbError {
  return new CbError({
    kind: 'unknown-outcome',
    status: null,
    method: call.method,
    path: call.path,
    code: 'ETIMEDOUT',
    what: `no whole answer within ${afterMs} ms`,
    remedy: 'Whether the server acted is unknown: read the state back first.',
  });
}

interface Traits {
  code: string | null;
  syscall: string | null;
  message: string;
}

function traits(thrown: unknown): Traits {
  if (typeof thrown !== 'object' || thrown === null) return { code: null, syscall: null, message: '' };
  const e = thrown as {
    code?: unknown;
    syscall?: unknown;
    message?: unknown;
    cause?: unknown;
    errors?: unknown;
  };
  // Happy eyeballs: one failure an address, wrapped in an AggregateError.
  const inner = Array.isArray(e.errors) ? (e.errors[0] as unknown) : e.cause;
  const deeper = inner === undefined ? null : traits(inner);
  return {
    code: (typeof e.code === 'string' ? e.code : null) ?? deeper?.code ?? null,
    syscall: (typeof e.syscall === 'string' ? e.syscall : null) ?? deeper?.syscall ?? null,
    message: `${typeof e.message === 'string' ? e.message : ''} ${deeper?.message ?? ''}`,
  };
}

function isBeforeSending(code: string | null, syscall: string | null, message: string): boolean {
  if (code !== null && NO_CONNECTION.has(code)) return true;
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  return /before secure TLS connection was established|proxy connection ended/i.test(message);
}

function tlsTrouble(code: string | null, message: string): { what: string; remedy: string } | null {
  if (code === null) return null;
  if (HOST_NAME.has(code)) {
    return {
      what: "the server's certificate is for another host name",
      remedy:
        'Nothing was sent. Name the server as its certificate does, or, with the certificate pinned ' +
        '(CBAPI_SSL_CERT_FILE), switch off the name check alone: CBAPI_SSL_VERIFY_HOSTNAME=false.',
    };
  }
  if (DATES.has(code)) {
    return {
      what: `the server's certificate is not valid now (${code})`,
      remedy: 'Nothing was sent. Renew it, or check the clock of this machine.',
    };
  }
  if (UNTRUSTED.has(code)) {
    return {
      what: `the server's certificate is not trusted (${code})`,
      remedy:
        'Nothing was sent. Save the certificate as a PEM file and name it: CBAPI_SSL_CERT_FILE, ' +
        'or ssl_cert_file in the profile.',
    };
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    const plain = /wrong version number|packet length too long/i.test(message);
    return {
      what: `no TLS connection (${code})`,
      remedy: plain
        ? 'Nothing was sent. The port does not speak TLS: check scheme and port of the url.'
        : 'Nothing was sent. The server must offer TLS 1.2 or newer.',
    };
  }
  return null;
}
