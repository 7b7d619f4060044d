import { parseDuration } from '../contract/index.js';
import { BadInputError } from './bad-input.js';

/** A flag's duration in milliseconds. */
export function durationOf(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new BadInputError(
    `${flag} is ${JSON.stringify(text)}, which is no duration.`,
    'A duration such as 90s, 15m, 4h or 2d.',
    `Give ${flag} a duration; nothing was started.`,
  );
}

/** A flag's whole number. */
export function wholeNumberOf(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new BadInputError(
    `${flag} is ${JSON.stringify(text)}.`,
    `A whole number from ${least} to ${most}.`,
    `Give ${flag} such a number; nothing was started.`,
  );
}
