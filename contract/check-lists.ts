import { OVERRIDABLE, type OverridableRule } from './policy.js';
import { refusedHash } from './refused-hash.js';
import { type RequestFields as Fields, show } from './request-fields.js';

const BAN_LIMIT = 100;

export function checkBanMd5(fields: Fields): string[] {
  if (!fields.has('banMd5')) return [];
  const value = fields.get('banMd5');
  if (!Array.isArray(value)) {
    fields.wrong('banMd5', `It is ${show(value)}.`, 'A list of MD5s.');
    return [];
  }
  if (value.length > BAN_LIMIT) {
    fields.wrong('banMd5', `It has ${value.length} entries.`, `At most ${BAN_LIMIT} MD5s.`);
    return [];
  }
  const md5s: string[] = [];
  value.forEach((entry: unknown, i) => {
    const why = typeof entry === 'string' ? refusedHash(entry.trim()) : 'It is not a text.';
    if (why !== null) fields.wrong(`banMd5[${i}]`, why, '32 hex digits of one binary.');
    else md5s.push((entry as string).trim().toUpperCase());
  });
  return [...new Set(md5s)];
}

export function checkOverrides(fields: Fields): OverridableRule[] {
  if (!fields.has('overrides')) return [];
  const value = fields.get('overrides');
  const expected = `A list of ${OVERRIDABLE.join(', ')}.`;
  if (!Array.isArray(value)) {
    fields.wrong('overrides', `It is ${show(value)}.`, expected);
    return [];
  }
  value.forEach((entry: unknown, i) => {
    if (!(OVERRIDABLE as readonly unknown[]).includes(entry))
      fields.wrong(`overrides[${i}]`, `${show(entry)} is no rule that can be overridden.`, expected);
  });
  return [...new Set(value as OverridableRule[])];
}
