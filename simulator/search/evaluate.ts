import { asText } from '../values.js';
import { QuerySyntaxError, type Query, type Value } from './query.js';

export type Row = Record<string, unknown>;

/** Whole value, any case; wildcards count. */
const keywords = new Set([
  'process_name',
  'parent_name',
  'username',
  'group',
  'os_type',
  'hostname',
  'host_type',
  'process_md5',
  'parent_md5',
  'process_sha256',
  'process_id',
  'parent_id',
  'sensor_id',
  'process_pid',
  'parent_pid',
  'md5',
  'digsig_result',
  'signed',
  'digsig_publisher',
  'terminated',
]);
const aliases: Record<string, string> = { process_id: 'id' };
const phrases = new Set(['path', 'observed_filename', 'cmdline']);
const times = new Set(['start', 'last_update', 'last_server_update', 'server_added_timestamp']);

/** Whether this row answers the query; `now` is what relative times count from. */
export function matches(query: Query, row: Row, now: number): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
      return query.parts.every((part) => matches(part, row, now));
    case 'or':
      return query.parts.some((part) => matches(part, row, now));
    case 'not':
      return !matches(query.part, row, now);
    case 'term':
      return term(query.field, query.value, row, now);
  }
}

/** Whether each field it names is one: a query with another is refused, as soon as there is a row to try it on. */
export function isAnswerable(query: Query): boolean {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.parts.every(isAnswerable);
    case 'not':
      return isAnswerable(query.part);
    case 'all':
      return true;
    case 'term':
      return query.field === null || isField(query.field);
  }
}

function isField(field: string): boolean {
  return keywords.has(field) || times.has(field) || phrases.has(field) || field.endsWith('_count');
}

/** False where no row with these contents of fields, and others that are not known yet, can answer the query. */
export function mayMatch(query: Query, known: ReadonlyMap<string, string>): boolean {
  switch (query.kind) {
    case 'and':
      return query.parts.every((part) => mayMatch(part, known));
    case 'or':
      return query.parts.some((part) => mayMatch(part, known));
    case 'term': {
      const content = known.get(query.field ?? '');
      return content === undefined || query.value.pattern.test(content);
    }
    default:
      return true;
  }
}

function term(field: string | null, value: Value, row: Row, now: number): boolean {
  if (field === null) {
    if (value.pattern.test('*') && value.text === '*') return true;
    return ['process_name', 'path', 'cmdline', 'observed_filename'].some((name) => tokens(row[name], value));
  }
  if (field === 'md5' && row.process_md5 !== undefined) return value.pattern.test(asText(row.process_md5));
  if (keywords.has(field)) {
    const content = row[aliases[field] ?? field];
    return content !== undefined && value.pattern.test(asText(content));
  }
  if (field === 'path' || field === 'observed_filename') return phrase(row[field], value);
  if (field === 'cmdline') return tokens(row.cmdline, value);
  if (times.has(field)) return timeRange(Date.parse(String(row[field])), value, now);
  if (field.endsWith('_count')) return numberRange(Number(row[field] ?? 0), value);
  throw new QuerySyntaxError(`undefined field ${field}`);
}

/** The folders of the value appear one after another among those of the path. */
function phrase(content: unknown, value: Value): boolean {
  const split = (path: string): string[] =>
    path
      .toLowerCase()
      .split(/[\\/]+/)
      .filter(Boolean);
  const contents = Array.isArray(content) ? content.map(String) : [asText(content)];
  const wanted = split(value.text).map((part) => {
    const pattern = part.replace(/[.+^${}()|[\]\\/]/g, '\\$&');
    return new RegExp(
      `^${value.quoted ? pattern.replace(/[*?]/g, '\\$&') : pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`,
    );
  });
  return contents.some((path) => {
    const parts = split(path);
    return parts.some((_, at) => wanted.every((pattern, i) => pattern.test(parts[at + i] ?? '\u0000')));
  });
}

function tokens(content: unknown, value: Value): boolean {
  const split = (text: string): string[] =>
    text
      .toLowerCase()
      .split(/[\s\\/"'()[\]{},=<>&|;]+/)
      .filter(Boolean);
  const has = new Set(split(Array.isArray(content) ? content.join(' ') : asText(content)));
  return (
    split(value.text).every((word) => has.has(word)) || [...has].some((word) => value.pattern.test(word))
  );
}

function bounds(value: Value): [string, string] | null {
  const range = /^\[(\S+) TO (\S+)\]$/i.exec(value.text);
  return range ? [range[1]!, range[2]!] : null;
}

function timeRange(at: number, value: Value, now: number): boolean {
  const relative = /^-(\d+)([smhdw])$/.exec(value.text);
  if (relative) {
    const unit = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[relative[2] as 's'];
    return at >= now - Number(relative[1]) * unit * 1000;
  }
  const range = bounds(value);
  if (!range) return at === Date.parse(value.text);
  const [low, high] = range;
  return (low === '*' || at >= Date.parse(low)) && (high === '*' || at <= Date.parse(high));
}

function numberRange(count: number, value: Value): boolean {
  const range = bounds(value);
  if (!range) return count === Number(value.text);
  const [low, high] = range;
  return (low === '*' || count >= Number(low)) && (high === '*' || count <= Number(high));
}
