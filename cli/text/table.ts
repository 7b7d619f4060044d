const LABEL_WIDTH = 11;

/** `label  first line`, further lines under it; nothing at all for no lines. */
export function section(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`);
}

/** Rows with their columns aligned; the last column is never padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The time of day in UTC, or `–`. */
export function clockTime(iso: string | null): string {
  return iso === null ? '–' : `${iso.slice(11, 19)}Z`;
}

/** Date and time in UTC to the second. */
export function dateTime(iso: string | null): string {
  return iso === null ? '–' : `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}
