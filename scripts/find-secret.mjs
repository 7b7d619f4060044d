// Looks for secrets in whatever was printed, sent or stored: as they are, and as they look in base64, hex, percent, JSON,
// HTML or UTF-16, whole or in part. No packages: the test runner uses it too.

/** The token that simulators accept unless told otherwise: forty hex digits that nothing else has. */
export const CANARY = '7e57ca9a21b0c4d83f6e15a90d8b72c6e4f1a3d5';

/** So much of a secret in one piece gives it away. */
const PIECE = 12;

/**
 * A function that finds these secrets in a text or in bytes: the first place, or null. Letters of either case count.
 * A secret of less than twelve characters counts only as a whole.
 */
export function secretFinder(secrets) {
  const forms = [...new Set(secrets)].filter((secret) => secret.length >= 4).flatMap(formsOf);
  const blocks = new Map();
  for (const form of forms) {
    // Any piece of `least` characters has one of these blocks in it whole.
    const size = Math.max(2, Math.min(6, Math.floor((form.least + 1) / 2)));
    for (let at = 0; at + size <= form.text.length; at += size) {
      const block = form.text.slice(at, at + size);
      if (!blocks.has(block)) blocks.set(block, []);
      blocks.get(block).push({ form, at });
    }
  }
  const longestFirst = [...blocks.keys()].sort((a, b) => b.length - a.length);
  const any = new RegExp(longestFirst.map(quoted).join('|'), 'gi');
  return (given) => {
    if (forms.length === 0) return null;
    const text = typeof given === 'string' ? given : latin1(given);
    // UTF-16 of what is ASCII is ASCII with zeros between.
    return findIn(text) ?? (text.includes('\0') ? findIn(text.replaceAll('\0', '')) : null);
  };

  function findIn(text) {
    any.lastIndex = 0;
    for (let match = any.exec(text); match !== null; match = any.exec(text)) {
      for (const candidate of blocks.get(match[0].toLowerCase()) ?? []) {
        const piece = grow(text, match.index, candidate);
        if (piece !== null) return { form: candidate.form.name, ...piece, around: around(text, piece) };
      }
      any.lastIndex = match.index + 1;
    }
    return null;
  }
}

/** How far a form agrees with the text around the place where one of its blocks stands; null where that is too little. */
function grow(text, index, { form, at }) {
  const wanted = form.text;
  let from = 0;
  while (at + from > 0 && text[index + from - 1]?.toLowerCase() === wanted[at + from - 1]) from -= 1;
  let to = 0;
  while (at + to < wanted.length && text[index + to]?.toLowerCase() === wanted[at + to]) to += 1;
  return to - from >= form.least ? { at: index + from, length: to - from } : null;
}

/** What stands around it, without it: a report of a secret must not be one more place that has it. */
function around(text, { at, length }) {
  const before = text.slice(Math.max(0, at - 60), at);
  const after = text.slice(at + length, at + length + 30);
  return `${before}[here]${after}`.replace(/[^\x20-\x7e]+/g, ' ');
}

/** The looks of a secret, in lower case, each with the length of a piece that gives it away. */
function formsOf(secret) {
  const bytes = Buffer.from(secret);
  const part = Math.min(PIECE, secret.length);
  const json = JSON.stringify(secret).slice(1, -1);
  const each = (write) => [...secret].map(write).join('');
  const forms = [
    ['plain', secret, part],
    ['JSON', json, part],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1), part],
    ['URL', encodeURIComponent(secret), part],
    ['HTML', html(secret), part],
    ['hex', bytes.toString('hex'), part * 2],
    ['percent', each((c) => `%${hex(c, 2)}`), part * 3],
    ['JSON escapes', each((c) => `\\u${hex(c, 4)}`), part * 6],
    ...[0, 1, 2].map((offset) => [
      `base64 (${offset})`,
      base64At(bytes, offset),
      Math.ceil((part * 4) / 3) - 2,
    ]),
  ];
  const safe = forms
    .filter(([, text]) => /[+/]/.test(text))
    .map(([name, text, least]) => [
      `${name}, URL-safe`,
      text.replaceAll('+', '-').replaceAll('/', '_'),
      least,
    ]);
  const seen = new Set();
  return [...forms, ...safe]
    .map(([name, text, least]) => ({ name, text: text.toLowerCase(), least: Math.min(least, text.length) }))
    .filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** What of the base64 of a longer text does not depend on what is around the secret, which begins `offset` bytes in. */
function base64At(bytes, offset) {
  const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
  return shifted.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((shifted.length * 8) / 6));
}

const hex = (character, digits) => character.charCodeAt(0).toString(16).padStart(digits, '0');
const html = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const latin1 = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** The line that a simulator says on purpose: where it is, and the token that opens it. */
const READY = /^\{"url":"https?:\/\/127\.0\.0\.1:\d+","token":"[^"]*","ca":(?:null|"[^"]*")\}$/;
/** And what the demo tells a person to type. */
const EXPORT = /^ {2}export TEMPORAL_ADDRESS=\S+ CBAPI_URL=http:\/\/127\.0\.0\.1:\d+ CBAPI_TOKEN=\S+$/;

/** What a process printed, without the lines that have a simulator's token on purpose. */
export function withoutReadyLines(text) {
  if (!/^\{"url":|^ {2}export TEMPORAL/m.test(text)) return text;
  return text
    .split('\n')
    .filter((line) => !READY.test(line) && !EXPORT.test(line))
    .join('\n');
}
