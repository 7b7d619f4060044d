/** Sorted by what the caller should do, not by status code. Closed: a caller may switch over it. */
export type CbErrorKind =
  /** 401. Final: the token is wrong. */
  | 'unauthorized'
  /** 403 or 405. Final: the token's user lacks the right named in `right`. */
  | 'forbidden'
  /** 412 from a Live Response route. Final: it is switched off on the server. */
  | 'live-response-off'
  | 'not-found'
  /** 409: the state is another one than the request supposes. Read it again. */
  | 'conflict'
  /** All Live Response sessions of the server are taken: wait. */
  | 'too-many-sessions'
  /** The sensor has a session already: list, and use that one (`sessionId`, where it is known). */
  | 'second-session'
  /** 429: wait `retryAfterMs`. */
  | 'rate-limited'
  /** 5xx, a gateway's page, or a 200 that carries an `errorMessage`: try later, after reading the state back. */
  | 'unavailable'
  /** Another 4xx, a redirect, or input this client would not send. Final: the same request will not do better. */
  | 'refused'
  /** The answer is not what this API says. Names the field. Whether a change was made is unknown. */
  | 'malformed'
  /** Time-out or broken connection: *unknown*, never failed. Read the state back before doing it again. */
  | 'unknown-outcome'
  /** The server's certificate was not accepted. Nothing was sent. */
  | 'tls'
  /** No connection: refused, no such name, no route. Nothing was sent. */
  | 'unreachable';

export interface CbErrorFields {
  kind: CbErrorKind;
  /** HTTP status, null when there was no answer. */
  status: number | null;
  method: string;
  /** Without the query. */
  path: string;
  /** What happened, no final full stop. */
  what: string;
  /** What to do about it, a sentence. */
  remedy: string;
  /** The server's own words, at most 300 characters. */
  serverText?: string | null;
  /** Milliseconds, from `Retry-After`. */
  retryAfterMs?: number | null;
  /** Of `malformed`: the field that was refused. */
  field?: string | null;
  /** Of `forbidden`: the right that is missing, in the console's words. */
  right?: string | null;
  /** Of `second-session`: the session that is in the way. */
  sessionId?: number | null;
  /** Of `tls`, `unreachable`, `unknown-outcome`: Node's code, e.g. `ECONNRESET`. */
  code?: string | null;
}

/**
 * Every failure of a call to the server. Holds no request, no header and no cause: nothing that could carry the token.
 * A call that was aborted rejects with the signal's own reason instead.
 */
export class CbError extends Error {
  readonly kind: CbErrorKind;
  readonly status: number | null;
  readonly method: string;
  readonly path: string;
  readonly remedy: string;
  readonly serverText: string | null;
  readonly retryAfterMs: number | null;
  readonly field: string | null;
  readonly right: string | null;
  readonly sessionId: number | null;
  readonly code: string | null;

  constructor(f: CbErrorFields) {
    super(oneLine(`${f.method} ${f.path}: ${f.what}. ${f.remedy}`));
    this.name = 'CbError';
    this.kind = f.kind;
    this.status = f.status;
    this.method = f.method;
    this.path = f.path;
    this.remedy = f.remedy;
    this.serverText = f.serverText ?? null;
    this.retryAfterMs = f.retryAfterMs ?? null;
    this.field = f.field ?? null;
    this.right = f.right ?? null;
    this.sessionId = f.sessionId ?? null;
    this.code = f.code ?? null;
  }
}

/** The configuration is wrong; nothing was sent. Says what was wrong, what was expected, what to do. */
export class CbConfigError extends Error {
  override readonly name = 'CbConfigError';
  constructor(
    message: string,
    /** Nobody has given anything yet: no setting is wrong. */
    readonly nothingGiven = false,
  ) {
    super(message);
  }
}

export function isCbError(e: unknown, ...kinds: CbErrorKind[]): e is CbError {
  return e instanceof CbError && (kinds.length === 0 || kinds.includes(e.kind));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
