import type { FaultKind } from '../../simulator/index.js';

/** How a server, or a proxy before it, repeats the token of the request that it refuses. */
export const ECHOES: Record<string, (token: string) => string | object> = {
  text: (token) => `Not allowed: ${token}`,
  headers: (token) => `GET /api HTTP/1.1\r\nHost: cb\r\nX-Auth-Token: ${token}\r\n\r\n`,
  json: (token) => ({ errorMessage: `no user has the token ${token}` }),
  'json in json': (token) => ({ errorMessage: JSON.stringify({ headers: { 'X-Auth-Token': token } }) }),
  'json with escapes': (token) => `{"reason": "token ${[...token].map(escape).join('')}"}`,
  html: (token) =>
    `<html><head><title>403 ${token.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}</title></head></html>`,
  url: (token) => `see /login?next=/api&auth=${encodeURIComponent(token)}`,
  base64: (token) => `Authorization: Basic ${Buffer.from(`user:${token}`).toString('base64')}`,
  'base64 alone': (token) => `credentials ${Buffer.from(token).toString('base64')} are unknown`,
  hex: (token) => `digest of ${Buffer.from(token).toString('hex')}`,
};

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export const STATUSES = [200, 302, 400, 401, 403, 404, 405, 407, 409, 429, 500, 502, 503] as const;

/** The answer, with the token in its headers as well. */
export function echo(status: number, how: string, token: string): Extract<FaultKind, { status: number }> {
  const body = ECHOES[how]?.(token);
  const inUrl = encodeURIComponent(token);
  const hostLike = /^[0-9a-f]+$/.test(token) ? `${token}.` : '';
  return {
    status,
    // A 200 that reports an error is read as JSON.
    body: status === 200 && typeof body === 'string' ? { errorMessage: body } : body,
    headers: {
      ...(status === 302 ? { location: `https://${hostLike}portal.example/${inUrl}?auth=${inUrl}` } : {}),
      ...(status === 429 ? { 'retry-after': '1' } : {}),
      'www-authenticate': `Token realm="${inUrl}"`,
    },
  };
}
