import { formatDuration, hostForm, isHostForm, parseDuration } from '../contract/index.js';
import { type Mistake, RequestFields, show } from '../contract/request-fields.js';
import { InvalidRequestError } from './errors.js';

export interface Words {
  who: string | null;
  reason: string;
}

/** Who asks for a change, and why in words of their own: no operator verb changes anything without. */
export function wordsOf(input: { who?: string | undefined; reason: string }): Words {
  const fields = new RequestFields({ ...input });
  const who = fields.text('who', 200, 'A short text of one line.', 'one-line');
  const expected = 'Why, in a few words of one line: it stands in the history and is told to whoever asks.';
  const reason = fields.text('reason', 1_000, expected, 'one-line');
  if (!fields.has('reason')) fields.wrong('reason', 'It is missing.', expected);
  if (reason === null || fields.mistakes.length > 0) throw new InvalidRequestError(fields.mistakes);
  return { who, reason };
}

/** A duration above 0 and not above `longestMs`, in milliseconds. */
export function durationMs(field: string, text: string, longestMs: number): number {
  const ms = parseDuration(asText(text));
  if (ms !== null && ms <= longestMs) return ms;
  const longest = formatDuration(longestMs);
  throw invalid({
    field,
    problem:
      ms === null ? `${show(text)} is no such duration.` : `${show(text)} is more than the policy allows.`,
    expected: `A duration such as 90s, 15m, 4h or 2d, at most ${longest}.`,
  });
}

/** A hold's new end, counted from now: a duration in milliseconds, or `null` for `until-released`. */
export function extensionMs(text: string, longestMs: number): number | null {
  return asText(text).trim().toLowerCase() === 'until-released'
    ? null
    : durationMs('duration', text, longestMs);
}

/** A host as a person names it, without a look at any server. `workflowId`: it may be one, and may be a host name too. */
export function hostRefOf(text: string): { sensorId?: number; hostname?: string; workflowId?: string } {
  const trimmed = asText(text).trim();
  const sensor = /^(?:isolation\/|sensor-|contain\/sensor-)(\d{1,15})$/i.exec(trimmed);
  if (sensor !== null) return { sensorId: Number(sensor[1]) };
  const hostname = trimmed.replace(/^contain\//i, '');
  if (isHostForm(hostForm(hostname))) return { hostname, workflowId: trimmed };
  if (trimmed !== '' && trimmed.length <= 1_000 && !/[\s*?]|\p{Cc}/u.test(trimmed))
    return { workflowId: trimmed };
  throw invalid({
    field: 'host',
    problem: trimmed === '' ? 'It is empty.' : `${show(trimmed)} cannot be the name of one host.`,
    expected:
      'The exact name of one host, sensor-<id>, or the exact workflow id of a containment or lease; no wildcard.',
  });
}

/** The name of a host or the exact workflow id of a run, which may have any characters that can be seen. */
export function runIdOf(text: string): string {
  const expected = 'The exact name of one host, or the exact workflow id of a containment.';
  const fields = new RequestFields({ id: text });
  const id = fields.text('id', 1_000, expected);
  if (!fields.has('id')) fields.wrong('id', 'It is missing.', expected);
  if (id === null) throw new InvalidRequestError(fields.mistakes);
  return id;
}

/** A digest as people paste it. */
export function digestOf(text: string): string {
  const digest = asText(text).trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digest)) return digest;
  throw invalid({
    field: 'digest',
    problem: `It has ${digest.length} characters, or others than hex digits.`,
    expected: 'The 64 hex digits of the plan, as status shows them.',
  });
}

/** A caller without types may hand over anything: what is no text is none. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function invalid(mistake: Mistake): InvalidRequestError {
  return new InvalidRequestError([mistake]);
}
