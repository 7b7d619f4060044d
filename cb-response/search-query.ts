/** A value as a quoted term of the query language: only `"` and `\` need escaping there (API reference 5.5). */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
