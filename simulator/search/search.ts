import { asText, compareValues } from '../values.js';
import { matches, type Row } from './evaluate.js';
import { parseQuery, type Query } from './query.js';

/** Parameters of a search, from a URL or from a POST body with its array values. */
export type SearchParameters = Record<string, unknown>;

export function first(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return one === undefined || one === null ? undefined : asText(one);
}

/** Throws QuerySyntaxError. `all` may leave out rows that cannot answer the query. */
export function searchRows(
  all: (query: Query) => Row[],
  parameters: SearchParameters,
  options: { now: number; maxRows: number; defaultSort: string; groupBy: string | null },
): { results: Row[]; total: number; start: number; facets: Record<string, unknown>; terms: string[] } {
  const q = first(parameters.q) ?? '';
  const parts: Query[] = [parseQuery(q)];
  for (const [name, value] of Object.entries(parameters)) {
    const field = /^cb\.f?q\.(\w+)$/.exec(name)?.[1];
    if (field) parts.push(parseQuery(`${field}:"${String(first(value)).replace(/["\\]/g, '\\$&')}"`));
  }
  const query: Query = { kind: 'and', parts };
  let found = all(query).filter((row) => matches(query, row, options.now));
  const [column = '', direction = 'desc'] = (first(parameters.sort) || options.defaultSort).split(' ');
  const sign = direction === 'asc' ? 1 : -1;
  found.sort((a, b) => sign * compareValues(a[column], b[column]));
  if (options.groupBy) {
    const seen = new Set<unknown>();
    const key = options.groupBy;
    found = found.filter((row) => !seen.has(row[key]) && seen.add(row[key]));
  }
  const start = Math.max(0, Number(first(parameters.start) ?? 0));
  const rows = Math.min(options.maxRows, Math.max(0, Number(first(parameters.rows) ?? 10)));
  const facetFields = [parameters['facet.field'] ?? []].flat().map(String);
  return {
    results: found.slice(start, start + rows),
    total: found.length,
    start,
    facets: [parameters.facet].flat().includes('true') ? facets(found, facetFields) : {},
    terms: q ? [q] : [],
  };
}

function facets(rows: Row[], fields: string[]): Record<string, unknown> {
  const entries = fields.map((field) => {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const value = row[field === 'path_full' ? 'path' : field];
      if (value !== undefined) counts.set(asText(value), (counts.get(asText(value)) ?? 0) + 1);
    }
    const sorted = [...counts].sort((a, b) => b[1] - a[1]);
    const most = sorted[0]?.[1] ?? 1;
    return [
      field,
      sorted.map(([name, value]) => ({
        ratio: ((100 * value) / rows.length).toFixed(1),
        percent: Math.floor((100 * value) / most),
        name,
        value,
      })),
    ];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}
