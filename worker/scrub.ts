import type { Scrub } from '../cb-response/index.js';

export { createScrub, type Scrub } from '../cb-response/index.js';

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
