import type { LiveProcess } from '../../cb-response/index.js';
import { baseName, type ProcessSelector, type Target } from '../../contract/index.js';

type OsType = Target['osType'];

/**
 * A path in the form two of one system are compared in: Windows knows no case and both kinds of slash. Nothing else is made
 * alike: not dots and blanks at the end (such files exist), not short 8.3 names, not letters of other alphabets.
 */
export function pathForm(path: string, osType: OsType): string {
  if (osType === 'windows') return lowerCase(path.replaceAll('/', '\\')).replace(/^\\\\[?.]\\|^\\\?\?\\/, '');
  return path.replace(/ \(deleted\)$/, '');
}

/** Lower-casing makes a `k` of the Kelvin sign, which Windows does not: only letters that come back by upper-casing change. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return lower;
  return Array.from(text, (c) => (c.toLowerCase().toUpperCase() === c ? c.toLowerCase() : c)).join('');
}

export function samePath(a: string, b: string, osType: OsType): boolean {
  return pathForm(a, osType) === pathForm(b, osType);
}

/** The base name as the selector's `name` is compared with: on Windows in any case, elsewhere exactly. */
export function nameForm(path: string, osType: OsType): string {
  const form = pathForm(path, osType);
  return osType === 'windows' ? baseName(form) : form.slice(form.lastIndexOf('/') + 1);
}

/** Whether name, path and GUID of a selector all match; a hash is not on a list and is looked up apart (hazard H8). */
export function matches(
  process: Pick<LiveProcess, 'path' | 'guid'>,
  selector: ProcessSelector,
  osType: OsType,
): boolean {
  const { name, path, guid } = selector;
  if (name !== undefined && nameForm(process.path, osType) !== pathForm(name, osType)) return false;
  if (path !== undefined && !samePath(process.path, path, osType)) return false;
  return guid === undefined || process.guid.toLowerCase() === guid;
}
