import type { PartRun } from './proof.js';

/** The one table, as Markdown. */
export function tableOf(parts: readonly PartRun[]): string {
  const rows = parts.flatMap((part) => part.rows);
  return markdown(
    ['Attack', 'What must hold', 'Tried', 'Held', 'Measured'],
    rows.map(({ attack, promise, tried, held, measured }) => [
      attack,
      promise,
      grouped(tried),
      held === tried ? grouped(held) : `**${grouped(held)}**`,
      measured,
    ]),
  );
}

function markdown(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

function grouped(n: number): string {
  return n.toLocaleString('en-US');
}
