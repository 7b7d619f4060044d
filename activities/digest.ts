import { createHash } from 'node:crypto';
import { canonicalJson } from '../contract/index.js';

/** SHA-256 of a value as canonical JSON, 64 hex digits. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}
