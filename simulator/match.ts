import { isDeepStrictEqual } from 'node:util';
import type { JournalEntry, RequestMatch } from './types.js';

/** A matcher that counts: with `nth` only the nth of the matching requests is one. */
export function matcher(match: RequestMatch): (entry: JournalEntry) => boolean {
  let seen = 0;
  return (entry) => {
    if (!fits(match, entry)) return false;
    seen++;
    return match.nth === undefined || seen === match.nth;
  };
}

function fits(match: RequestMatch, entry: JournalEntry): boolean {
  if (match.method && match.method.toUpperCase() !== entry.method) return false;
  if (match.route !== undefined && !fitsRoute(match.route, entry)) return false;
  if (match.bodyIncludes) {
    const { body } = entry;
    if (typeof body !== 'object' || body === null) return false;
    const fields = body as Record<string, unknown>;
    return Object.entries(match.bodyIncludes).every(([key, value]) => isDeepStrictEqual(fields[key], value));
  }
  return true;
}

function fitsRoute(route: string | RegExp, entry: JournalEntry): boolean {
  const template = entry.route.slice(entry.route.indexOf(' ') + 1);
  const names = [entry.route, template, entry.path, `${entry.method} ${entry.path}`];
  if (typeof route === 'string') return names.includes(route);
  return names.some((name) => {
    route.lastIndex = 0;
    return route.test(name);
  });
}
