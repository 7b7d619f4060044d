import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { readText } from '../cb-response/read-text.js';
import { checkPolicy, type Mistake, type Policy } from '../contract/index.js';

export { policyDigest } from '../activities/freeze-policy.js';

/** A mistake with its place; `null` where the file as a whole is wrong. */
export interface FileMistake extends Mistake {
  file: string;
  line: number | null;
}

export type PolicyFile =
  { ok: true; policy: Policy; raw: Record<string, unknown> } | { ok: false; mistakes: FileMistake[] };

/** Above this it is another file that was named by accident. */
const MOST_BYTES = 1_000_000;

/**
 * Reads a policy file (YAML, so JSON too). Everything that is wrong comes back at once, each with its line; nothing is thrown.
 */
export function readPolicyFile(file: string): PolicyFile {
  const whole = (problem: string, expected: string): PolicyFile => ({
    ok: false,
    mistakes: [{ file, line: null, field: '', problem, expected }],
  });
  let text: string | null;
  try {
    text = readText(file, MOST_BYTES);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return whole(`It cannot be read (${code ?? 'unknown'}).`, 'A YAML file that this user may read.');
  }
  if (text === null) return whole(`It has more than ${MOST_BYTES} bytes.`, `At most ${MOST_BYTES}.`);
  try {
    return parsePolicy(file, text);
  } catch (error) {
    // The YAML reader goes as deep as the file does.
    if (!(error instanceof RangeError)) throw error;
    return whole('It is nested too deeply.', 'A policy: a few keys, and lists below them.');
  }
}

function parsePolicy(file: string, text: string): PolicyFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const mistakes = faults.map((fault) => ({
      file,
      line: lines.linePos(fault.pos[0]).line,
      field: fault.code === 'DUPLICATE_KEY' ? (/^[^:\s]*/.exec(text.slice(fault.pos[0]))?.[0] ?? '') : '',
      problem: `${fault.message.split('\n')[0]}${fault.message.endsWith('.') ? '' : '.'}`,
      expected: 'YAML, e.g. "ban:" and below it, two blanks in, "mostHosts: 25".',
    }));
    return { ok: false, mistakes };
  }
  const raw: unknown = valueOf(document);
  const checked = checkPolicy(raw);
  if (checked.ok) return { ok: true, policy: checked.policy, raw: raw as Record<string, unknown> };
  const place = (m: Mistake): FileMistake => {
    const at = m.field === '' ? null : offsetOf(document.contents, m.field);
    return { file, line: at === null ? null : lines.linePos(at).line, ...m };
  };
  return { ok: false, mistakes: checked.mistakes.map(place).sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** A chain of aliases that swells to no end is told like any other thing that is no policy. */
function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where the key of a field such as `protectedHosts.names[2]` stands; as near as the file comes to it. */
function offsetOf(contents: unknown, field: string): number | null {
  let node: unknown = contents;
  let rest = field;
  let found: number | null = null;
  while (rest !== '') {
    const next = isMap(node) ? entryOf(node.items, rest) : isSeq(node) ? itemOf(node.items, rest) : null;
    if (next === null) break;
    found = next.at ?? found;
    node = next.node;
    rest = next.rest;
  }
  return found;
}

interface Step {
  at: number | null;
  node: unknown;
  rest: string;
}

function entryOf(pairs: readonly { key: unknown; value: unknown }[], field: string): Step | null {
  for (const { key, value } of pairs) {
    const name = isScalar(key) ? String(key.value) : null;
    // An unknown key is told cut to 80 characters, and may itself have a dot in it.
    if (name === null || (!field.startsWith(name) && name.slice(0, 80) !== field)) continue;
    const rest = field.slice(name.length);
    if (rest === '' || rest.startsWith('.') || rest.startsWith('['))
      return { at: startOf(key), node: value, rest: rest.replace(/^\./, '') };
  }
  return null;
}

function itemOf(items: readonly unknown[], field: string): Step | null {
  const index = /^\[(\d+)\]\.?/.exec(field);
  if (index === null) return null;
  const node = items[Number(index[1])];
  return { at: startOf(node), node, rest: field.slice(index[0].length) };
}

function startOf(node: unknown): number | null {
  return isNode(node) ? ((node as Node).range?.[0] ?? null) : null;
}

/** `FILE:3: ban.mostHost: There is no such key. Expected: …` */
export function describeFileMistake({ file, line, field, problem, expected }: FileMistake): string {
  const place = line === null ? file : `${file}:${line}`;
  return `${place}: ${field === '' ? '' : `${field}: `}${problem} Expected: ${expected}`;
}
