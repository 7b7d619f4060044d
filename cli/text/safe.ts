import { visible } from '../../contract/visible.js';

const MOST_LINES = 18;
const LONGEST_LINE = 1_000;

/** A text of several lines that cannot move a terminal's cursor or turn its letters around. */
export function printable(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** No more lines than a screen shows; the last one, which says what to do next, stays. */
export function shortened(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line));
  if (lines.length <= MOST_LINES) return lines.join('\n');
  const left = lines.length - MOST_LINES + 1;
  return [...lines.slice(0, MOST_LINES - 2), `  … and ${left} more lines`, lines.at(-1)].join('\n');
}
