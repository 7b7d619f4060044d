import { isCbError, type LiveProcess } from '../../cb-response/index.js';
import { hashOnDisk } from './file-hash.js';
import type { KillRun } from './kill-run.js';
import { matches, pathForm } from './match.js';

/** What a list holds of what is wanted: each matching process with the numbers of the selectors it matches. */
export interface Match {
  process: LiveProcess;
  selectors: number[];
  md5: string | null;
  hashSource: 'index' | 'disk' | null;
}

/** Hashes known for GUIDs and, from disk, for paths; kept over the rounds of one attempt. */
export interface KnownHashes {
  byGuid: Map<string, string | null>;
  byPath: Map<string, string | null>;
}

export async function select(run: KillRun, list: LiveProcess[], known: KnownHashes): Promise<Match[]> {
  const { osType } = run.input.target;
  const found = new Map<string, Match>();
  for (const { n, selector } of run.input.selectors) {
    for (const process of list) {
      if (!matches(process, selector, osType)) continue;
      let md5: Pick<Match, 'md5' | 'hashSource'> = { md5: null, hashSource: null };
      if (selector.md5 !== undefined) {
        md5 = await hashOf(run, process, known);
        if (md5.md5 !== selector.md5) continue;
      }
      const match = found.get(process.guid) ?? { process, selectors: [], ...md5 };
      match.selectors.push(n);
      if (match.md5 === null) Object.assign(match, md5);
      found.set(process.guid, match);
    }
  }
  return [...found.values()];
}

/** A list carries no hash: the index knows it by GUID, or else the file on disk is hashed, once a path. */
async function hashOf(
  run: KillRun,
  process: LiveProcess,
  known: KnownHashes,
): Promise<Pick<Match, 'md5' | 'hashSource'>> {
  if (!known.byGuid.has(process.guid)) known.byGuid.set(process.guid, await hashInIndex(run, process.guid));
  const indexed = known.byGuid.get(process.guid) ?? null;
  if (indexed !== null) return { md5: indexed, hashSource: 'index' };
  if (process.path === '') return { md5: null, hashSource: null };
  const path = pathForm(process.path, run.input.target.osType);
  if (!known.byPath.has(path)) known.byPath.set(path, await hashOnDisk(run, process.path));
  const onDisk = known.byPath.get(path) ?? null;
  return { md5: onDisk, hashSource: onDisk === null ? null : 'disk' };
}

async function hashInIndex(run: KillRun, guid: string): Promise<string | null> {
  try {
    return (await run.deps.cb.processes.byGuid(guid, { signal: run.signal }))?.md5 ?? null;
  } catch (err) {
    if (isCbError(err) && !isCbError(err, 'unauthorized')) return null;
    throw err;
  }
}
