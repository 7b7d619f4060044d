/** JSON whose text depends on the value alone: keys sorted, no blanks. What a digest is taken of. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const rows = Object.entries(value)
    .filter(([, of]) => of !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, of]) => `${JSON.stringify(key)}:${canonicalJson(of)}`);
  return `{${rows.join(',')}}`;
}
