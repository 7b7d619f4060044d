import { isCbError, type ProcessRow } from '../../cb-response/index.js';
import { type KillInstance, type NumberedSelector } from '../../contract/index.js';
import type { KillRun } from './kill-run.js';
import { hashOnDisk } from './file-hash.js';
import { matches, nameForm, pathForm } from './match.js';

/** Most dead instances of the index that one selector brings in. */
const MOST_FROM_INDEX = 100;

/** Hashes of what was killed: from the index by GUID, one search a base name; else from the file on disk. */
export async function hashInstances(run: KillRun): Promise<void> {
  const { osType, sensorId } = run.input.target;
  const open = run.progress.instances.filter(
    (i) => i.md5 === null && i.outcome !== 'protected' && i.path !== '',
  );
  for (const name of new Set(open.map((i) => nameForm(i.path, osType)))) {
    for (const row of await search(run, (o) => run.deps.cb.processes.byName(name, { sensorId }, o))) {
      const instance = open.find((i) => i.guid.toLowerCase() === row.guid.toLowerCase());
      if (instance !== undefined && row.md5 !== null)
        Object.assign(instance, { md5: row.md5, hashSource: 'index' });
    }
  }
  const byPath = new Map<string, string | null>();
  for (const instance of open.filter((i) => i.md5 === null)) {
    const path = pathForm(instance.path, osType);
    if (!byPath.has(path)) byPath.set(path, await hashOnDisk(run, instance.path));
    const md5 = byPath.get(path) ?? null;
    if (md5 !== null) Object.assign(instance, { md5, hashSource: 'disk' });
  }
}

/**
 * Selectors that no list ever matched: what the index knows of them on this sensor is dead, for the fresh list does not
 * show it. So a second run of the same containment finds what the first one killed, and is contained too.
 * Returns the selectors that the index does not know either.
 */
export async function findDeadInIndex(run: KillRun, alive: ReadonlySet<string>): Promise<number[]> {
  const unmatched: number[] = [];
  for (const numbered of run.input.selectors) {
    const has = (): boolean => run.progress.instances.some((i) => i.selectors.includes(numbered.n));
    if (has()) continue;
    const rows = await rowsOf(run, numbered);
    const at = new Date(await run.now()).toISOString();
    for (const row of rows.filter((r) => !alive.has(r.guid)).slice(0, MOST_FROM_INDEX)) {
      const known = run.instance(row.guid);
      if (known === undefined) run.progress.instances.push(deadInstance(row, numbered.n, at));
      else known.selectors.push(numbered.n);
    }
    if (!has()) unmatched.push(numbered.n);
  }
  return unmatched;
}

async function rowsOf(run: KillRun, { selector }: NumberedSelector): Promise<ProcessRow[]> {
  const { osType, sensorId } = run.input.target;
  const { processes } = run.deps.cb;
  const { name, path, md5, guid } = selector;
  let rows: ProcessRow[];
  if (guid !== undefined)
    rows = await search(run, async (o) => ({
      rows: [await processes.byGuid(guid, o)].filter((r) => r !== null),
    }));
  else if (md5 !== undefined) rows = await search(run, (o) => processes.byMd5(md5, { sensorId }, o));
  else
    rows = await search(run, (o) => processes.byName(nameForm(path ?? name ?? '', osType), { sensorId }, o));
  return rows.filter(
    (r) => r.sensorId === sensorId && (md5 === undefined || r.md5 === md5) && matches(r, selector, osType),
  );
}

/** The index is a help, not a need: a search that fails is noted and leaves things unknown. */
async function search(
  run: KillRun,
  ask: (o: { signal: AbortSignal }) => Promise<{ rows: ProcessRow[]; incomplete?: boolean }>,
): Promise<ProcessRow[]> {
  try {
    const { rows, incomplete } = await ask({ signal: run.signal });
    if (incomplete) run.note('A process search came back incomplete: the index may know more.');
    return rows;
  } catch (err) {
    if (!isCbError(err) || err.kind === 'unauthorized') throw err;
    run.note(`A process search failed: ${err.message}`);
    return [];
  }
}

function deadInstance(row: ProcessRow, selector: number, at: string): KillInstance {
  return {
    guid: row.guid,
    pid: row.pid,
    parentGuid: row.parentGuid,
    path: row.path,
    commandLine: row.commandLine === '' ? null : row.commandLine.slice(0, 500),
    username: row.username === '' ? null : row.username,
    md5: row.md5,
    hashSource: row.md5 === null ? null : 'index',
    outcome: 'already-gone',
    why: null,
    at,
    round: 0,
    selectors: [selector],
    kills: [],
    noSuchPid: false,
    denied: false,
  };
}
