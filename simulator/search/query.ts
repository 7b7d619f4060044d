/** The query language of process and binary search, as far as builders use it (API reference 5.5). */

export class QuerySyntaxError extends Error {
  override name = 'QuerySyntaxError';
}

/** A value as written: characters, and wildcards that were neither quoted nor escaped. */
export interface Value {
  text: string;
  /** Matches the whole of a string, any case. */
  pattern: RegExp;
  quoted: boolean;
}

export type Query =
  | { kind: 'all' }
  | { kind: 'and' | 'or'; parts: Query[] }
  | { kind: 'not'; part: Query }
  | { kind: 'term'; field: string | null; value: Value };

type Token =
  | { kind: '(' | ')' | 'and' | 'or' | 'not' }
  | { kind: 'field'; name: string }
  | { kind: 'value'; value: Value };

const escapable = new Set([' ', '(', ')', '"', '\\', '*', '?', ':', '-', '[', ']']);
const special = /[.*+?^${}()|[\]\\/]/g;

export function parseQuery(text: string): Query {
  const tokens = tokenize(text);
  if (tokens.length === 0) return { kind: 'all' };
  const state = { tokens, at: 0 };
  const query = parseOr(state, null);
  if (state.at < tokens.length) throw new QuerySyntaxError('unbalanced )');
  return query;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (/\s/.test(char)) at++;
    else if (char === '(' || char === ')') {
      tokens.push({ kind: char });
      at++;
    } else if (char === '-' && /\S/.test(text[at + 1] ?? ' ')) {
      tokens.push({ kind: 'not' });
      at++;
    } else {
      const field = /^[A-Za-z_][\w.]*:/.exec(text.slice(at));
      if (field) {
        tokens.push({ kind: 'field', name: field[0].slice(0, -1) });
        at += field[0].length;
        if (/[\s)]/.test(text[at] ?? ' ')) throw new QuerySyntaxError(`no value for ${field[0]}`);
        if (text[at] === '(') continue;
      }
      const read = readValue(text, at);
      at = read.end;
      const { value } = read;
      const word = value.text.toUpperCase();
      if (!field && !value.quoted && (word === 'AND' || word === 'OR' || word === 'NOT')) {
        tokens.push({ kind: word.toLowerCase() as 'and' | 'or' | 'not' });
      } else tokens.push({ kind: 'value', value });
    }
  }
  return tokens;
}

function readValue(text: string, from: number): { value: Value; end: number } {
  if (text[from] === '"') return readQuoted(text, from);
  if (text[from] === '[') {
    const end = text.indexOf(']', from);
    if (end < 0) throw new QuerySyntaxError('unbalanced [');
    return { value: literal(text.slice(from, end + 1), false), end: end + 1 };
  }
  let plain = '';
  let pattern = '';
  let at = from;
  for (; at < text.length && !/[\s()]/.test(text[at]!); at++) {
    let char = text[at]!;
    if (char === '"') throw new QuerySyntaxError('unexpected "');
    const escaped = char === '\\' && escapable.has(text[at + 1] ?? '');
    if (escaped) char = text[++at]!;
    plain += char;
    if (!escaped && char === '*') pattern += '.*';
    else if (!escaped && char === '?') pattern += '.';
    else pattern += char.replace(special, '\\$&');
  }
  return { value: { text: plain, pattern: new RegExp(`^${pattern}$`, 'is'), quoted: false }, end: at };
}

function readQuoted(text: string, from: number): { value: Value; end: number } {
  let plain = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '"') return { value: literal(plain, true), end: at + 1 };
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++;
    plain += text[at];
  }
  throw new QuerySyntaxError('unbalanced "');
}

function literal(text: string, quoted: boolean): Value {
  return { text, pattern: new RegExp(`^${text.replace(special, '\\$&')}$`, 'is'), quoted };
}

interface State {
  tokens: Token[];
  at: number;
}

function parseOr(state: State, field: string | null): Query {
  const parts = [parseAnd(state, field)];
  while (state.tokens[state.at]?.kind === 'or') {
    state.at++;
    parts.push(parseAnd(state, field));
  }
  return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
}

function parseAnd(state: State, field: string | null): Query {
  const parts = [parseNot(state, field)];
  for (;;) {
    const next = state.tokens[state.at]?.kind;
    if (next === undefined || next === 'or' || next === ')') break;
    if (next === 'and') state.at++;
    parts.push(parseNot(state, field));
  }
  return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
}

function parseNot(state: State, field: string | null): Query {
  if (state.tokens[state.at]?.kind !== 'not') return parseAtom(state, field);
  state.at++;
  return { kind: 'not', part: parseNot(state, field) };
}

function parseAtom(state: State, field: string | null): Query {
  const token = state.tokens[state.at++];
  if (!token) throw new QuerySyntaxError('unexpected end of query');
  if (token.kind === 'value') return { kind: 'term', field, value: token.value };
  if (token.kind === 'field') {
    const next = state.tokens[state.at];
    if (next?.kind !== 'value' && next?.kind !== '(')
      throw new QuerySyntaxError(`no value for ${token.name}:`);
    return parseAtom(state, token.name);
  }
  if (token.kind !== '(') throw new QuerySyntaxError(`unexpected ${token.kind}`);
  const inner = parseOr(state, field);
  if (state.tokens[state.at++]?.kind !== ')') throw new QuerySyntaxError('unbalanced (');
  return inner;
}
