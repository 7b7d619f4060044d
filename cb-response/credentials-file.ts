import { join } from 'node:path';
import { parse } from 'ini';
import { CbConfigError } from './errors.js';
import { readText } from './read-text.js';

const MOST_BYTES = 1_000_000;

/** One section of a `credentials.response` file: keys in lower case, values as written. */
export type Profile = Readonly<Record<string, string>>;

export interface Profiles {
  profiles: ReadonlyMap<string, Profile>;
  /** The files that were there, in the order read. */
  files: string[];
}

/** `/etc`, the home, the working folder: in this order, later wins key by key (API reference 1.1). */
export function defaultCredentialFiles(home: string, cwd: string): string[] {
  const name = join('.carbonblack', 'credentials.response');
  return ['/etc/carbonblack/credentials.response', join(home, name), join(cwd, name)];
}

/** @param mustExist files that were asked for by name: a missing one is an error, as an unreadable one always is. */
export function readProfiles(files: readonly string[], mustExist: boolean): Profiles {
  const profiles = new Map<string, Profile>();
  const found: string[] = [];
  for (const file of files) {
    const text = readCredentials(file, mustExist);
    if (text === null) continue;
    found.push(file);
    for (const [name, section] of parseProfiles(text))
      profiles.set(name, { ...profiles.get(name), ...section });
  }
  return { profiles, files: found };
}

function readCredentials(file: string, mustExist: boolean): string | null {
  let text: string | null;
  try {
    text = readText(file, MOST_BYTES);
  } catch (e) {
    const code = (e as NodeJS.ErrnoException).code ?? 'unknown';
    if (!mustExist && (code === 'ENOENT' || code === 'ENOTDIR')) return null;
    throw new CbConfigError(
      `The credentials file ${file} cannot be read (${code}). Expected an INI file with one section a profile; ` +
        'correct its name or its permissions.',
    );
  }
  if (text !== null) return text;
  throw new CbConfigError(
    `The credentials file ${file} has more than ${MOST_BYTES} bytes. Expected an INI file with one section a profile; name another.`,
  );
}

function parseProfiles(text: string): Map<string, Profile> {
  const sections = parse(text.split(/\r?\n/).map(asPythonWouldReadIt).join('\n')) as Record<string, unknown>;
  const profiles = new Map<string, Profile>();
  for (const [name, section] of Object.entries(sections)) {
    if (typeof section !== 'object' || section === null) continue;
    const entries = Object.entries(section).map(([key, value]) => [key, String(value)] as const);
    profiles.set(name, Object.fromEntries(entries));
  }
  return profiles;
}

/**
 * The files are written for Python's ConfigParser: keys of any case, `:` as good as `=`, `;` and `#` part of a value (a
 * proxy's password), dots part of a section's name. The ini package reads each of them otherwise.
 */
function asPythonWouldReadIt(line: string): string {
  const header = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
  if (header !== undefined) return `[${header.trim().replaceAll('.', '\\.')}]`;
  if (/^\s*[;#]/.test(line)) return '';
  const [, key, value] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
  return key === undefined || value === undefined ? '' : `${key.toLowerCase()} = ${JSON.stringify(value)}`;
}
