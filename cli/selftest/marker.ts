import { createHash } from 'node:crypto';
import type { Sensor } from './cb.js';

/** How a marker is made of a program that every host of a system has. */
export interface Recipe {
  /** Small, harmless, and runs for as long as it is told. */
  program: string;
  /** Its command line after the program. */
  args: string;
  folder: string;
  extension: string;
}

/** So long a marker that nobody kills lives, in seconds: the last net. */
const LIFE_S = 3_600;

const RECIPES: Partial<Record<Sensor['osType'], Recipe>> = {
  windows: {
    program: 'c:\\windows\\system32\\ping.exe',
    args: `-n ${LIFE_S} 127.0.0.1`,
    folder: 'c:\\windows\\temp',
    extension: '.exe',
  },
  // `/tmp` is a link on macOS, and process lists show where it leads.
  macos: { program: '/bin/sleep', args: String(LIFE_S), folder: '/private/tmp', extension: '' },
  linux: { program: '/bin/sleep', args: String(LIFE_S), folder: '/tmp', extension: '' },
};

/** `null`: this system is not known. What is given goes before what is usual. */
export function recipeFor(osType: Sensor['osType'], given: Partial<Recipe> = {}): Recipe | null {
  const usual = RECIPES[osType];
  if (usual === undefined) return null;
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...usual, ...said };
}

/** What was made for one self-test, and is nobody else's. */
export interface Marker {
  path: string;
  /** Upper case. */
  md5: string;
  bytes: number;
  content: Buffer;
}

/**
 * The program with bytes of its own behind it: neither Windows nor Linux mind what follows a program in its file, and no
 * other file anywhere has this MD5.
 */
export function makeMarker(o: { program: Buffer; random: Buffer; id: string; path: string }): Marker {
  if (o.program.length === 0) throw new Error('The program that was fetched is empty.');
  if (o.random.length < 16) throw new Error('Too few random bytes for a hash of its own.');
  const content = Buffer.concat([o.program, Buffer.from(`\ncb-playbook selftest ${o.id}\n`), o.random]);
  const md5 = md5Of(content);
  if (md5 === md5Of(o.program)) throw new Error('The marker has the hash of the program it was made of.');
  return { path: o.path, md5, bytes: content.length, content };
}

export function markerPath({ folder, extension }: Recipe, osType: Sensor['osType'], id: string): string {
  const slash = osType === 'windows' ? '\\' : '/';
  return `${folder.replace(/[\\/]+$/, '')}${slash}cb-playbook-selftest-${id}${extension}`;
}

export function md5Of(content: Buffer): string {
  return createHash('md5').update(content).digest('hex').toUpperCase();
}

/** Whether a listed path is the marker's: no other file has its name. */
export function isMarker(listed: string, path: string): boolean {
  const name = (text: string): string =>
    (text.split(/[\\/]/).at(-1) ?? '').replace(/ \(deleted\)$/, '').toLowerCase();
  return name(listed) === name(path);
}

/** What a program that does not start may be up against. */
export function startHint(osType: Sensor['osType']): string {
  if (osType === 'macos') {
    return (
      'macOS may refuse a signed program that was altered (on Apple silicon it always does). Put an unsigned program that ' +
      'runs for a while on the lab host and name it: --program PATH --arguments TEXT.'
    );
  }
  if (osType === 'linux') {
    return (
      'A folder that is mounted noexec, or a sleep that goes by its own name (busybox), does that: name others with ' +
      '--folder PATH or --program PATH --arguments TEXT.'
    );
  }
  return 'Application control (AppLocker, WDAC) or a virus scanner may do that: allow it on the lab host, or name others with --folder PATH or --program PATH --arguments TEXT.';
}
