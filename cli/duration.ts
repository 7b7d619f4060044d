import { formatDuration, parseDuration } from '../contract/index.js';
import { show } from '../contract/request-fields.js';
import { BadInputError } from './bad-input.js';

/** Node's timers take no more, and would end at once. */
const LONGEST_MS = 24 * 86_400_000;

/** A flag's duration in milliseconds. */
export function durationOf(flag: string, text: string, longestMs = LONGEST_MS): number {
  const ms = parseDuration(text);
  if (ms !== null && ms <= longestMs) return ms;
  throw new BadInputError(
    `${flag} is ${show(text)}, which is ${ms === null ? 'no duration' : 'too long'}.`,
    `A duration such as 90s, 15m, 4h or 2d, at most ${formatDuration(longestMs)}.`,
    `Give ${flag} a duration; nothing was started.`,
  );
}

/** A flag's whole number. */
export function wholeNumberOf(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new BadInputError(
    `${flag} is ${show(text)}.`,
    `A whole number from ${least} to ${most}.`,
    `Give ${flag} such a number; nothing was started.`,
  );
}
