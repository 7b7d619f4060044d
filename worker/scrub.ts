/** Takes secrets out of a text. */
export type Scrub = (text: string) => string;

const REPLACEMENT = '[secret]';
/** A header as it looks in a dump of a request, whoever's token it is; quotes may be escaped several times over. */
const AUTH_HEADER =
  /(x-auth-token|authorization)(\\*["']?\s*[:=,]\s*\\*["']?)(?:bearer\s+)?[^\s"'\\,;}\]]+/gi;

/**
 * A function that takes these secrets out of a text, also where they were escaped for JSON or for a URL, and the
 * value of every authentication header. Secrets under four characters are not searched for: they would be found
 * everywhere.
 */
export function createScrub(secrets: readonly (string | null | undefined)[] = []): Scrub {
  const needles = new Set<string>();
  for (const secret of secrets) {
    if (!secret || secret.length < 4) continue;
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
      needles.add(form);
    }
  }
  const longestFirst = [...needles].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const needle of longestFirst) clean = clean.replaceAll(needle, REPLACEMENT);
    return clean.replace(AUTH_HEADER, `$1$2${REPLACEMENT}`);
  };
}

const DEEPEST = 8;

/** A plain copy of `value` with every string in it scrubbed. What is no plain data becomes a word for it. */
export function scrubDeep(value: unknown, scrub: Scrub, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value);
  if (value === null || ['number', 'boolean', 'undefined'].includes(typeof value)) return value;
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (depth >= DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => scrubDeep(item, scrub, depth + 1));
  if (value instanceof Error) return scrub(`${value.name}: ${value.message}`);
  if (value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [scrub(key), scrubDeep(item, scrub, depth + 1)]),
  );
}
