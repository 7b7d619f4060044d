/** Takes secrets out of a text. */
export type Scrub = (text: string) => string;

const REPLACEMENT = '[secret]';
/** A header as it looks in a dump of a request, whoever's token it is; quotes may be escaped several times over. */
const AUTH_HEADER =
  /(x-auth-token|authorization)(\\*["']?\s*[:=,]\s*\\*["']?)(?:(?:bearer|basic)\s+)?[^\s"'\\,;}\]]+/gi;

/**
 * A function that takes these secrets out of a text, also where they were escaped for JSON, HTML or a URL or written in
 * hex or base64, and the value of every authentication header. Secrets under four characters are not searched for: they
 * would be found everywhere.
 */
export function createScrub(secrets: readonly (string | null | undefined)[] = []): Scrub {
  const exact = createExactScrub(secrets);
  return (text) => exact(text).replace(AUTH_HEADER, `$1$2${REPLACEMENT}`);
}

/** The same for these secrets alone: for texts that are facts, such as the command lines of a host. */
export function createExactScrub(secrets: readonly (string | null | undefined)[]): Scrub {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret && secret.length >= 4) for (const form of formsOf(secret)) forms.add(form);
  }
  if (forms.size === 0) return (text) => text;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  // One pass over what may be megabytes of search results.
  const any = new RegExp(
    longestFirst.map((form) => form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'),
    'g',
  );
  return (text) => text.replace(any, REPLACEMENT);
}

/** A secret as servers, proxies and loggers write it down. */
function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const hex = Buffer.from(secret).toString('hex');
  return [
    secret,
    json,
    // JSON inside JSON, and PHP's way with slashes.
    JSON.stringify(json).slice(1, -1),
    json.replaceAll('/', '\\/'),
    percentEncoded(secret),
    html(secret, '&#39;'),
    html(secret, '&#x27;'),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].map((offset) => base64At(secret, offset)),
  ];
}

/** `encodeURIComponent` throws for half a surrogate pair. */
function percentEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function html(text: string, apostrophe: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", apostrophe);
}

/** What of the base64 of a longer text does not depend on what is around the secret, which begins there so many bytes in. */
function base64At(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return bytes.toString('base64').slice(first, last);
}
