import { isCbError, type LiveProcess } from '../../cb-response/index.js';
import { protectedProcess } from '../../contract/index.js';
import { SessionGone } from './commands.js';
import { hashOnDisk, mayPass } from './file-hash.js';
import type { KillRun } from './kill-run.js';
import { matches, pathForm } from './match.js';

interface Hash {
  md5: string | null;
  hashSource: 'index' | 'disk' | null;
}

/** What a list holds of what is wanted: each matching process with the numbers of the selectors it matches. */
export interface Match extends Hash {
  process: LiveProcess;
  selectors: number[];
}

export interface Selection {
  matches: Match[];
  /** Why some hash was not to be had for the moment: what it belongs to may match too. */
  passing: Error | null;
}

const NO_HASH: Hash = { md5: null, hashSource: null };

/** Matches of a fresh list. What has no hash though a selector asks for one is left in `run.known.unhashed`. */
export async function select(run: KillRun, list: readonly LiveProcess[]): Promise<Selection> {
  const found = new Map<string, Match>();
  const unhashed = new Set<string>();
  let passing: Error | null = null;
  for (const { n, selector } of run.input.selectors) {
    for (const process of list) {
      let hash = NO_HASH;
      if (run.known.selectedByIndex.get(process.guid)?.has(n) !== true) {
        if (!matches(process, selector, run.input.target.osType)) continue;
        if (selector.md5 !== undefined) {
          try {
            hash = await hashOf(run, process);
          } catch (err) {
            if (!mayPass(err)) throw err;
            passing = err;
          }
          if (hash.md5 === null && !isKernels(run, process)) unhashed.add(named(process));
          if (hash.md5 !== selector.md5) continue;
        }
      }
      const match = found.get(process.guid) ?? { process, selectors: [], ...hash };
      match.selectors.push(n);
      if (match.md5 === null) Object.assign(match, hash);
      found.set(process.guid, match);
    }
  }
  run.known.unhashed = [...unhashed];
  return { matches: [...found.values()], passing };
}

/** A list carries no hash: the index knows it by GUID, or else the file on disk is hashed, once a path. */
async function hashOf(run: KillRun, process: LiveProcess): Promise<Hash> {
  let noIndex: Error | null = null;
  try {
    const indexed = await hashInIndex(run, process.guid);
    if (indexed !== null) return { md5: indexed, hashSource: 'index' };
  } catch (err) {
    if (!mayPass(err)) throw err;
    noIndex = err;
  }
  const onDisk = process.path === '' ? null : await knownOnDisk(run, process.path);
  if (onDisk !== null) return { md5: onDisk, hashSource: 'disk' };
  if (noIndex !== null) throw noIndex;
  return NO_HASH;
}

export async function hashInIndex(run: KillRun, guid: string): Promise<string | null> {
  const { hashByGuid } = run.known;
  let md5 = hashByGuid.get(guid);
  if (md5 === undefined) {
    try {
      md5 = (await run.deps.cb.processes.byGuid(guid, { signal: run.signal }))?.md5 ?? null;
    } catch (err) {
      // The index is a help: a token that may not search it must hash on disk.
      if (!isCbError(err) || isCbError(err, 'unauthorized') || mayPass(err)) throw err;
      md5 = null;
    }
    hashByGuid.set(guid, md5);
  }
  return md5;
}

async function knownOnDisk(run: KillRun, path: string): Promise<string | null> {
  const { hashByPath, sessionLostOver } = run.known;
  const form = pathForm(path, run.input.target.osType);
  let md5 = hashByPath.get(form);
  if (md5 === undefined) {
    try {
      md5 = await hashOnDisk(run, path);
    } catch (err) {
      if (!(err instanceof SessionGone) || !sessionLostOver.has(form)) {
        if (err instanceof SessionGone) sessionLostOver.add(form);
        throw err;
      }
      md5 = null;
    }
    hashByPath.set(form, md5);
  }
  return md5;
}

/** The kernel's own entries of a list have no file that could be hashed. */
function isKernels(run: KillRun, process: LiveProcess): boolean {
  const { osType } = run.input.target;
  if (/[\\/]/.test(process.path)) return false;
  if (osType === 'linux' && process.path === '' && process.parentPid === 2) return true;
  return protectedProcess(process, osType) !== null;
}

function named(process: LiveProcess): string {
  return process.path === '' ? `pid ${process.pid} (no path)` : process.path;
}
