import { CbError } from './errors.js';

const EMPTY_FILE = 'D41D8CD98F00B204E9800998ECF8427E';
const ZEROS = '0'.repeat(32);

/** Upper case, null when it is no MD5 or the zeros that stand for "unknown" (API reference 5.3). */
export function readMd5(value: string | null | undefined): string | null {
  const md5 = value?.trim().toUpperCase() ?? '';
  return /^[0-9A-F]{32}$/.test(md5) && md5 !== ZEROS ? md5 : null;
}

/** Upper case; throws `refused` before anything is sent. */
export function requireMd5(value: string, call: { method: string; path: string }): string {
  const md5 = value.trim().toUpperCase();
  if (/^[0-9A-F]{32}$/.test(md5)) return md5;
  throw new CbError({
    ...call,
    kind: 'refused',
    status: null,
    what: `'${value.slice(0, 80)}' is not an MD5`,
    remedy: 'Nothing was sent. Expected 32 hexadecimal digits.',
  });
}

/** As `requireMd5`, and not a hash that stands for no program: the empty file's, or zeros (API reference 7). */
export function requireBannableMd5(value: string, call: { method: string; path: string }): string {
  const md5 = requireMd5(value, call);
  if (md5 !== EMPTY_FILE && md5 !== ZEROS) return md5;
  throw new CbError({
    ...call,
    kind: 'refused',
    status: null,
    what: `${md5} is ${md5 === ZEROS ? 'no hash but zeros' : 'the hash of the empty file'}`,
    remedy: 'Nothing was sent. A ban of it would name no program: take the hash of the file that ran.',
  });
}
