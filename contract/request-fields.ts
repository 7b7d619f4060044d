import { formatDuration, parseDuration } from './duration.js';
import { visible } from './visible.js';

export const LONGEST_LEASE_MS = 366 * 86_400_000;
export const LONGEST_WAIT_MS = 90 * 86_400_000;

/** One thing that is wrong with a request. `field` is `''` for the request as a whole. */
export interface Mistake {
  field: string;
  problem: string;
  expected: string;
}

/** Reads typed fields of an untrusted object and collects every mistake it meets. */
export class RequestFields {
  constructor(
    protected readonly input: Record<string, unknown>,
    readonly mistakes: Mistake[] = [],
  ) {}

  wrong(field: string, problem: string, expected: string): void {
    this.mistakes.push({ field, problem, expected });
  }

  has(key: string): boolean {
    return this.input[key] !== undefined && this.input[key] !== null;
  }

  get(key: string): unknown {
    return this.input[key];
  }

  refuseUnknown(known: readonly string[]): void {
    for (const key of Object.keys(this.input)) {
      if (known.includes(key)) continue;
      this.wrong(visible(key.slice(0, 80)), 'There is no such key.', `One of ${known.join(', ')}.`);
    }
  }

  boolean(key: string): boolean | null {
    if (!this.has(key)) return null;
    const value = this.input[key];
    if (typeof value === 'boolean') return value;
    this.wrong(key, `It is ${show(value)}.`, 'true or false.');
    return null;
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | null {
    if (!this.has(key)) return null;
    const value = this.input[key];
    if (typeof value === 'string' && (allowed as readonly string[]).includes(value)) return value as T;
    this.wrong(key, `It is ${show(value)}.`, `One of ${allowed.join(', ')}.`);
    return null;
  }

  /** A text without control characters; blanks around it are dropped. */
  text(
    key: string,
    limit: number,
    expected: string,
    how: 'as-it-is' | 'one-line' = 'as-it-is',
  ): string | null {
    if (!this.has(key)) return null;
    const value = this.input[key];
    if (typeof value !== 'string') {
      this.wrong(key, `It is ${show(value)}.`, expected);
      return null;
    }
    const trimmed = how === 'one-line' ? value.trim().replace(/\s+/g, ' ') : value.trim();
    if (trimmed === '') {
      this.wrong(key, 'It is empty.', expected);
      return null;
    }
    if (trimmed.length > limit) {
      this.wrong(key, `It has ${trimmed.length} characters.`, `At most ${limit} characters.`);
      return null;
    }
    if (hasControlCharacter(trimmed)) {
      this.wrong(key, 'It has a control character.', expected);
      return null;
    }
    return trimmed;
  }

  /** A duration such as `4h`, in milliseconds. */
  duration(key: string, longestMs: number): number | null {
    const expected = `A duration such as 90s, 15m, 4h or 2d, at most ${formatDuration(longestMs)}.`;
    const text = this.text(key, 40, expected);
    if (text === null) return null;
    const ms = parseDuration(text);
    if (ms !== null && ms <= longestMs) return ms;
    this.wrong(key, `${show(text)} is no such duration.`, expected);
    return null;
  }
}

export function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 127) return true;
  }
  return false;
}

/** A value as a person would quote it in an error, cut to 60 characters. Takes whatever a caller may hand over. */
export function show(value: unknown): string {
  const text = visible(textOf(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** JSON has no words for some values, and throws for others: a bigint, a circle, more nesting than the stack holds. */
function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
}
