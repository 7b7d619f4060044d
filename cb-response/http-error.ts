import { serverText } from './body-text.js';
import { CbError } from './errors.js';
import type { CbErrorFields } from './errors.js';
import { parseRetryAfter } from './retry-after.js';
import type { Scrub } from './scrub.js';

export interface HttpAnswer {
  method: string;
  path: string;
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Already scrubbed of secrets. */
  text: string;
  /** For the words taken out of it: what escapes hid comes to light there. */
  scrub: Scrub;
}

type Sort = Pick<CbErrorFields, 'kind' | 'what' | 'remedy'>;

/** The error an answer stands for. `right`: what the call needs, in the console's words, for 403 and 405. */
export function errorFromAnswer(answer: HttpAnswer, right?: string): CbError {
  const words = serverText(answer.text, answer.scrub);
  const said = words === null ? '' : `, saying '${words}'`;
  const sort = sortOut(answer, `the server answered ${answer.status}${said}`, right);
  const serversNow = Date.parse(answer.headers['date'] ?? '');
  return new CbError({
    ...sort,
    status: answer.status,
    method: answer.method,
    path: answer.path,
    serverText: words,
    right: sort.kind === 'forbidden' ? (right ?? null) : null,
    retryAfterMs: parseRetryAfter(answer.headers['retry-after'], serversNow),
  });
}

function sortOut(answer: HttpAnswer, what: string, right: string | undefined): Sort {
  const { status, path } = answer;
  if (status >= 200 && status < 300) {
    return {
      kind: 'unavailable',
      what,
      remedy: 'The answer reports an error: read the state back, then try later.',
    };
  }
  if (status >= 300 && status < 400) {
    return {
      kind: 'refused',
      what: `the server answered ${status}, a redirect to ${originOf(answer.headers['location'])}`,
      remedy:
        'Redirects are not followed, the token would go with them: set the url of the API server itself.',
    };
  }
  if (status === 401) {
    return {
      kind: 'unauthorized',
      what,
      remedy: 'Check the API token (CBAPI_TOKEN, or token of the profile).',
    };
  }
  if (status === 403 || status === 405) {
    const missing = right === undefined ? 'the right for this' : `the right '${right}'`;
    return {
      kind: 'forbidden',
      what,
      remedy: `The token's user probably lacks ${missing}: grant it in the console.`,
    };
  }
  if (status === 407) {
    return { kind: 'refused', what, remedy: 'It is the proxy that refuses: check its user and password.' };
  }
  if (status === 412 && path.startsWith('/api/v1/cblr')) {
    const remedy = 'Live Response is off: set CbLREnabled=True in /etc/cb/cb.conf and restart the server.';
    return { kind: 'live-response-off', what, remedy };
  }
  if (status === 404) {
    return {
      kind: 'not-found',
      what,
      remedy: 'It is gone or never was; if every call says so, check the url.',
    };
  }
  if (status === 409) return { kind: 'conflict', what, remedy: 'Read the state again before another try.' };
  if (status === 429) return { kind: 'rate-limited', what, remedy: 'Wait, then try again.' };
  if (status >= 500) {
    return { kind: 'unavailable', what, remedy: 'Read the state back, then try again later.' };
  }
  return { kind: 'refused', what, remedy: 'The same request will be refused again: correct it.' };
}

function originOf(location: string | undefined): string {
  try {
    return new URL(location ?? '').origin;
  } catch {
    return 'another path';
  }
}
