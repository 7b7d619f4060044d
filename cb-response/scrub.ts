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
  const searched = [...new Set(secrets)].filter((secret) => typeof secret === 'string' && secret.length >= 4);
  const longestFirst = (searched as string[]).sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return (text) => text;
  // One pass over what may be megabytes of search results.
  const any = new RegExp(longestFirst.flatMap(formsOf).join('|'), 'g');
  return (text) => text.replace(any, REPLACEMENT);
}

/** Patterns of a secret as servers, proxies and loggers write it down. */
function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  return [
    [...secret].map(inAnyEscape).join(''),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].map((offset) => quoted(base64At(secret, offset))),
  ];
}

const ENTITIES: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** One character as it is or escaped for JSON (also several times over), a URL or HTML: in any mixture of these. */
function inAnyEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digit = (of: string): string => (/[a-f]/.test(of) ? `[${of}${of.toUpperCase()}]` : of);
  const hex = (length: number): string => [...code.toString(16).padStart(length, '0')].map(digit).join('');
  const named = ENTITIES[character];
  const forms = [
    /["'\\/]/.test(character) ? `\\\\*${quoted(character)}` : quoted(character),
    `%(?:25)*${hex(2)}`,
    `\\\\+u${hex(4)}`,
    `&#(?:0*${code}|x0*${hex(1)});`,
    ...(named === undefined ? [] : [`&${named};`]),
  ];
  return `(?:${forms.join('|')})`;
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** What of the base64 of a longer text does not depend on what is around the secret, which begins there so many bytes in. */
function base64At(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return bytes.toString('base64').slice(first, last);
}
