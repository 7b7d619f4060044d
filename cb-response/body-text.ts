import type { Scrub } from './scrub.js';

const LIMIT = 300;

/**
 * The server's own words out of an error body, which may be plain text, JSON or a gateway's HTML page
 * (API reference 1, "Error body"), without secrets; one line, at most 300 characters, null when there is nothing to say.
 */
export function serverText(body: string, scrub: Scrub): string | null {
  const trimmed = body.trim();
  const words = /^<(!doctype|html)/i.test(trimmed) ? fromHtml(trimmed) : (fromJson(trimmed) ?? trimmed);
  const line = printable(scrub(words));
  if (line === '') return null;
  return line.length > LIMIT ? `${line.slice(0, LIMIT - 1)}…` : line;
}

/** Parsed JSON, or undefined when the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function fromHtml(html: string): string {
  const title = /<title>([^<]*)<\/title>/i.exec(html)?.[1];
  return title ?? html.replace(/<[^>]*>/g, ' ');
}

function fromJson(text: string): string | undefined {
  const value = parseJson(text);
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const body = value as Record<string, unknown>;
  const parts = ['errorMessage', 'error_message', 'message', 'reason', 'error', 'detail', 'status']
    .map((key) => body[key])
    .filter((part): part is string => typeof part === 'string' && part !== '');
  return parts.length > 0 ? [...new Set(parts)].join(': ') : undefined;
}

// Control characters of a server must not reach a terminal or break a log line.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
