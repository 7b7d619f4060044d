import { CbConfigError } from './errors.js';

/** 1/yes/true/on and 0/no/false/off, any case (API reference 1.1); undefined when absent or empty. */
export function readBoolean(value: string | undefined, where: string): boolean | undefined {
  const word = value?.trim().toLowerCase();
  if (word === undefined || word === '') return undefined;
  if (['1', 'yes', 'true', 'on'].includes(word)) return true;
  if (['0', 'no', 'false', 'off'].includes(word)) return false;
  throw new CbConfigError(
    `${where} is '${printable(value?.slice(0, 40) ?? '')}'. Expected true or false (also 1/0, yes/no, on/off); correct it.`,
  );
}

/** The base URL without a trailing slash. Never repeats a URL that holds a user or a password. */
export function checkUrl(value: string, where: string): string {
  const expected = 'Expected https://host or https://host:port';
  const text = value.trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') {
    throw new CbConfigError(`${where} is not a URL. ${expected}; correct it.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new CbConfigError(
      `${where} holds a user or password. ${expected}; the token goes in its own setting.`,
    );
  }
  if (url.search !== '' || url.hash !== '' || /\/api(\/|$)/.test(url.pathname)) {
    throw new CbConfigError(
      `${where} is ${url.origin}${url.pathname}…. ${expected}; leave out what follows.`,
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new CbConfigError(
      `${where} is plain http to ${url.hostname}: the token would be readable on the way. ${expected}; ` +
        'plain http is for loopback only.',
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new CbConfigError(`${where} begins with ${url.protocol}. ${expected}; correct it.`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A token that can stand in a header. Never repeats it. */
export function checkToken(value: string, where: string): string {
  const token = value.trim();
  if (token === '') {
    throw new CbConfigError(
      `${where} is empty. Expected the API token of a console user (40 hex digits); set it.`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CbConfigError(
      `${where} has blanks, line breaks or other characters that no token has. Expected 40 hex digits; ` +
        "copy it again from the user's profile in the console.",
    );
  }
  return token;
}

/** The name that containments are frozen to; it stands in every receipt. */
export function checkServerName(value: string, where: string): string {
  const name = value.trim();
  if (/^[\x21-\x7e]{1,300}$/.test(name)) return name;
  throw new CbConfigError(
    `${where} is empty, too long, or has blanks or other characters that no name of a server has. Expected a name such as cb.example.com:443; correct it, or leave it out.`,
  );
}

/** Host and port of a URL, the port always named. */
export function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}

/** What moves a terminal's cursor is shown as a question mark. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
