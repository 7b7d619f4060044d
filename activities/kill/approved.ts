import type { LiveProcess } from '../../cb-response/index.js';
import { SessionGone } from './commands.js';
import { hashOnDisk } from './file-hash.js';
import type { KillRun } from './kill-run.js';
import { rowsByName } from './from-index.js';
import { nameForm, pathForm, samePath } from './match.js';
import { whyLeftAlive } from './respawn.js';
import { hashInIndex, type Match } from './select.js';

/** Something matches that nobody approved: nothing more is killed, a new plan is shown. */
export class WorldChanged extends Error {
  override readonly name = 'WorldChanged';
}

/**
 * Whether everything that matches now is among what was approved, by path and hash: a respawn is, another binary or place is
 * not. Protected ones do not matter, nor what came back and is left alive, for they are not killed. False where the session
 * went away meanwhile: list again.
 * @throws {@link WorldChanged} before anything of the new list is killed.
 */
export async function allApproved(run: KillRun, live: readonly Match[]): Promise<boolean> {
  if (run.input.approved === null) return true;
  const fresh = live.filter(({ process: { guid } }) => {
    const instance = run.instance(guid);
    if (instance === undefined || run.known.approved.has(guid)) return false;
    return instance.outcome !== 'protected' && whyLeftAlive(run, instance) === null;
  });
  if (fresh.length === 0) return true;
  await learnHashes(run, fresh);
  const strangers: string[] = [];
  // A file may have been replaced since the last look: each list is judged by the files as they are now.
  const onDisk = new Map<string, string | null>();
  for (const match of fresh) {
    try {
      const why = await whyStrange(run, match, onDisk);
      if (why === null) run.known.approved.add(match.process.guid);
      else strangers.push(why);
    } catch (err) {
      if (err instanceof SessionGone) return false;
      throw err;
    }
  }
  // The look took its time. No need to list again, which a fast respawner would never let end: a kill goes by a fresh list.
  if (strangers.length === 0) return true;
  throw new WorldChanged(
    `What was approved is not what runs on ${run.input.target.hostname} now: ${strangers.slice(0, 3).join('; ')}` +
      `${strangers.length > 3 ? ` and ${strangers.length - 3} more` : ''}.`,
  );
}

/** One search a base name instead of one request a process. */
async function learnHashes(run: KillRun, fresh: readonly Match[]): Promise<void> {
  const { osType } = run.input.target;
  for (const name of new Set(fresh.map((m) => nameForm(m.process.path, osType)))) {
    if (name === '') continue;
    for (const { guid, md5 } of await rowsByName(run, name))
      if (md5 !== null) run.known.hashByGuid.set(guid, md5);
  }
}

/** Why a match is none of the approved ones, or `null`. A hash that was unknown when it was approved is approved as it is. */
async function whyStrange(
  run: KillRun,
  match: Match,
  onDisk: Map<string, string | null>,
): Promise<string | null> {
  const { process } = match;
  const { osType } = run.input.target;
  const approved = (run.input.approved ?? []).filter((a) => samePath(a.path, process.path, osType));
  if (approved.length === 0) return `${named(process)} was not in the plan`;
  if (approved.some((a) => a.md5 === null)) return null;
  const md5 = await freshHash(run, match, onDisk);
  if (approved.some((a) => a.md5 === md5)) return null;
  return `${named(process)} has ${md5 === null ? 'a hash that cannot be had now' : `the MD5 ${md5}, and another one was approved`}`;
}

async function freshHash(
  run: KillRun,
  match: Match,
  onDisk: Map<string, string | null>,
): Promise<string | null> {
  const { guid, path } = match.process;
  const instance = run.instance(guid);
  const indexed = match.hashSource === 'index' ? match.md5 : await hashInIndex(run, guid);
  const form = pathForm(path, run.input.target.osType);
  if (indexed === null && !onDisk.has(form)) {
    onDisk.set(form, path === '' ? null : await readOnce(run, path, form));
  }
  const md5 = indexed ?? onDisk.get(form) ?? null;
  // What is judged is what will be banned: no second look at a file that may be gone by then.
  if (instance !== undefined && md5 !== null)
    Object.assign(instance, { md5, hashSource: indexed === null ? 'disk' : 'index' });
  return md5;
}

/** A file over which the session went away twice is the reason for it. */
async function readOnce(run: KillRun, path: string, form: string): Promise<string | null> {
  const { sessionLostOver } = run.known;
  try {
    return await hashOnDisk(run, path);
  } catch (err) {
    if (!(err instanceof SessionGone)) throw err;
    if (sessionLostOver.has(form)) return null;
    sessionLostOver.add(form);
    throw err;
  }
}

function named(process: LiveProcess): string {
  return process.path === '' ? `pid ${process.pid} (no path)` : process.path;
}
