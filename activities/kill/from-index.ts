import { isCbError, type LiveProcess, type ProcessRow } from '../../cb-response/index.js';
import { type KillInstance, type NumberedSelector } from '../../contract/index.js';
import { SessionGone } from './commands.js';
import { hashOnDisk, mayPass } from './file-hash.js';
import { StepDeadline, type KillRun } from './kill-run.js';
import { matches, nameForm, pathForm } from './match.js';

/** So often a file is read before its hash is left to the index, with a pause in milliseconds. */
const DISK_TRIES = 3;
const DISK_AGAIN_MS = 1_000;
/** Most dead instances of the index that one selector brings in. */
const MOST_FROM_INDEX = 100;

/**
 * Hashes of what was killed: from the index by GUID, one search a base name; else from the file on disk. Those of protected
 * ones too: a ban of the very file would stop them.
 */
export async function hashInstances(run: KillRun): Promise<void> {
  const { osType } = run.input.target;
  const open = run.progress.instances.filter((i) => i.md5 === null && i.path !== '');
  for (const name of new Set(open.map((i) => nameForm(i.path, osType)))) {
    for (const row of await rowsByName(run, name)) {
      const instance = open.find((i) => i.guid.toLowerCase() === row.guid.toLowerCase());
      if (instance !== undefined && row.md5 !== null)
        Object.assign(instance, { md5: row.md5, hashSource: 'index' });
    }
  }
  const byPath = new Map<string, string | null>();
  for (const instance of open.filter((i) => i.md5 === null)) {
    const path = pathForm(instance.path, osType);
    if (!byPath.has(path)) byPath.set(path, await orUnknown(run, instance.path));
    const md5 = byPath.get(path) ?? null;
    if (md5 !== null) Object.assign(instance, { md5, hashSource: 'disk' });
  }
}

/**
 * A dead one's hash is not worth another round of kills, or another session: what cannot be had in a few tries, the run waits
 * for in the index.
 */
async function orUnknown(run: KillRun, path: string): Promise<string | null> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await hashOnDisk(run, path);
    } catch (err) {
      if (err instanceof StepDeadline) return null;
      if (!mayPass(err)) throw err;
      if (err instanceof SessionGone || tried === DISK_TRIES) return null;
      await run.sleep(DISK_AGAIN_MS);
    }
  }
}

/**
 * Processes on the list that a selector means by what the index says of their GUID, though the list calls their file
 * something else: an executable that runs can be renamed. True when there are some that were not known before; then the
 * list must be gone through again.
 */
export async function foundAliveInIndex(run: KillRun, list: readonly LiveProcess[]): Promise<boolean> {
  const alive = new Set(list.map((p) => p.guid));
  const { selectedByIndex } = run.known;
  let more = false;
  for (const numbered of run.input.selectors) {
    // A list shows GUIDs itself.
    if (numbered.selector.guid !== undefined) continue;
    for (const { guid } of await rowsOf(run, numbered)) {
      const known = selectedByIndex.get(guid) ?? new Set();
      const matched = run.instance(guid)?.selectors.includes(numbered.n) === true;
      if (!alive.has(guid) || matched || known.has(numbered.n)) continue;
      selectedByIndex.set(guid, known.add(numbered.n));
      more = true;
    }
  }
  return more;
}

/**
 * Selectors that no list ever matched: what the index knows of them on this sensor is dead, for the fresh list does not
 * show it. So a second run of the same containment finds what the first one killed, and is contained too.
 * Returns the selectors that the index does not know either.
 */
export async function findDeadInIndex(run: KillRun, list: readonly LiveProcess[]): Promise<number[]> {
  const alive = new Set(list.map((p) => p.guid));
  const unmatched: number[] = [];
  for (const numbered of run.input.selectors) {
    const has = (): boolean => run.progress.instances.some((i) => i.selectors.includes(numbered.n));
    if (has()) continue;
    const rows = (await rowsOf(run, numbered)).filter((r) => !alive.has(r.guid));
    const at = new Date(await run.now()).toISOString();
    // Oldest first; the newest are what an analyst asks about.
    for (const row of rows.slice(-MOST_FROM_INDEX)) {
      const known = run.instance(row.guid);
      if (known === undefined) run.progress.instances.push(deadInstance(row, numbered.n, at));
      else known.selectors.push(numbered.n);
    }
    const rest = rows.length - MOST_FROM_INDEX;
    if (rest > 0) {
      const { name, path, md5, guid } = numbered.selector;
      run.note(
        `The index knows ${rest} older instances of ${name ?? path ?? md5 ?? guid} on this host; left out.`,
      );
    }
    if (!has()) unmatched.push(numbered.n);
  }
  return unmatched;
}

async function rowsOf(run: KillRun, { n, selector }: NumberedSelector): Promise<ProcessRow[]> {
  const { osType, sensorId } = run.input.target;
  const { processes } = run.deps.cb;
  const { name, path, md5, guid } = selector;
  const cached = run.known.rowsBySelector.get(n);
  if (cached !== undefined) return cached;
  let rows: ProcessRow[];
  if (guid !== undefined)
    rows = await search(run, async (o) => ({
      rows: [await processes.byGuid(guid, o)].filter((r) => r !== null),
    }));
  else if (md5 !== undefined) rows = await search(run, (o) => processes.byMd5(md5, { sensorId }, o));
  else rows = await rowsByName(run, nameForm(path ?? name ?? '', osType));
  const wanted = rows.filter(
    (r) => r.sensorId === sensorId && (md5 === undefined || r.md5 === md5) && matches(r, selector, osType),
  );
  run.known.rowsBySelector.set(n, wanted);
  return wanted;
}

export async function rowsByName(run: KillRun, name: string): Promise<ProcessRow[]> {
  const cached = run.known.rowsByName.get(name);
  if (cached !== undefined) return cached;
  const { sensorId } = run.input.target;
  const rows = await search(run, (o) => run.deps.cb.processes.byName(name, { sensorId }, o));
  run.known.rowsByName.set(name, rows);
  return rows;
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
    startedAt:
      row.start === null || Number.isNaN(Date.parse(row.start)) ? null : new Date(row.start).toISOString(),
    md5: row.md5,
    hashSource: row.md5 === null ? null : 'index',
    outcome: 'already-gone',
    why: null,
    at,
    round: 0,
    gapMs: null,
    selectors: [selector],
    kills: [],
    noSuchPid: false,
    denied: false,
  };
}
