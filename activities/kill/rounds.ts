import type { LiveCommand, LiveProcess } from '../../cb-response/index.js';
import { type KillInstance, protectedByPolicy, protectedProcess } from '../../contract/index.js';
import { remember } from '../border.js';
import { allApproved } from './approved.js';
import { listProcesses, type ProcessList, runCommand, SessionGone } from './commands.js';
import { takeEvidence } from './evidence.js';
import { isGood, isShown } from './freshness.js';
import type { KillRun } from './kill-run.js';
import { rememberYoungest, roundOf, whyLeftAlive } from './respawn.js';
import { type Match, select } from './select.js';

/** Pauses before a killed process that a list still shows is given up, in milliseconds: an exit takes its time. */
const EXIT_PAUSES_MS = [250, 750, 2_000];
/** Where something came back once, the last list waits so long for it to do so again. */
const RESPAWN_WATCH_MS = 2_000;
/** After kills the next list waits so long: a watchdog needs a moment to start its charge again, and must be seen doing it. */
export const AFTER_KILLS_MS = 1_000;
const ACCESS_DENIED = 0x8007_0005;

/**
 * List, match, kill one by one by the pid of a GUID listed a moment before, list again; until a fresh list shows nothing
 * alive that can be killed (hazards H9, H10). Returns the last list.
 */
export async function killUntilGone(run: KillRun): Promise<LiveProcess[]> {
  const patience = new Patience(run);
  for (;;) {
    const list = await freshList(run);
    const { matches: live, passing } = await select(run, list.processes);
    const at = new Date(await run.now()).toISOString();
    reconcile(run, list.processes, at);
    take(run, live, at);
    run.progress.liveMatches = live.length;
    if (run.input.mode === 'plan') {
      // What the kill would leave alive is no part of a plan.
      for (const match of live) isFresh(run, match);
      if (passing === null) return list.processes;
      if (!(passing instanceof SessionGone)) throw passing;
      continue;
    }
    if (!(await allApproved(run, live))) continue;
    const killable = live.filter((m) => isFresh(run, m));
    const targets = killable.length > 0 ? killable : await patience.overLingering(live);
    if (targets === 'list-again') continue;
    if (targets.length > 0) {
      rememberYoungest(run, list.processes);
      await run.checkpoint();
      // It may have taken minutes: what is there now is looked at anew.
      if (await takeEvidence(run, targets)) continue;
      await killListed(run, list, targets);
      await run.sleep(AFTER_KILLS_MS);
      continue;
    }
    if (passing === null) return list.processes;
    // What can be killed is dead; a process whose hash was not to be had for the moment may match as well.
    if (!(passing instanceof SessionGone)) throw passing;
  }
}

/** Kills each target in a turn of its own: other runs of this worker may be killing on the same host. */
async function killListed(run: KillRun, first: ProcessList, targets: readonly Match[]): Promise<void> {
  const { killTurns } = run.deps;
  const killing: Killing = { list: first, killed: null, kills: 0 };
  for (const target of targets) {
    const give = await killTurns.take(run.input.target.sensorId, run.signal);
    const before = killing.kills;
    try {
      await killOne(run, killing, target);
    } finally {
      give(killing.kills > before);
    }
  }
}

/** What the kills of one list go by. */
interface Killing {
  list: ProcessList;
  /** The latest. */
  killed: KillInstance | null;
  /** Since the list. */
  kills: number;
}

/**
 * Kills the target by its pid, only as long as the list that shows GUID and pid is good; else lists again right before the
 * kill and passes over one that is gone. A pid is given anew at any moment (hazards H9, H10).
 */
async function killOne(run: KillRun, killing: Killing, { process }: Match): Promise<void> {
  const instance = run.instance(process.guid);
  if (instance === undefined) return;
  // Before the list is judged: the answer may take its time.
  await run.requireStillOurs(true);
  if (!(await isGood(run, killing.list, killing))) {
    killing.list = await freshList(run);
    killing.kills = 0;
  }
  const shown = killing.list.processes.find((p) => isShown(p, process));
  if (shown === undefined) return;
  // What was listed without its path, or under another one, may show only now what it is.
  const why = whyProtected(run, shown);
  if (why !== null) {
    Object.assign(instance, { outcome: 'protected', why });
    return;
  }
  killing.kills += 1;
  killing.killed = instance;
  await kill(run, instance, killing.list);
}

/** A list from whatever session there is; one that goes away under the command is replaced. */
async function freshList(run: KillRun): Promise<ProcessList> {
  for (;;) {
    try {
      return await listProcesses(run);
    } catch (err) {
      if (!(err instanceof SessionGone)) throw err;
    }
  }
}

/** Instances that a fresh list does not show any more are gone: killed where a kill of ours ended well, else by themselves. */
function reconcile(run: KillRun, list: readonly LiveProcess[], at: string): void {
  const alive = new Set(list.map((p) => p.guid));
  for (const instance of run.progress.instances) {
    if (alive.has(instance.guid) || instance.outcome === 'killed' || instance.outcome === 'already-gone')
      continue;
    Object.assign(instance, {
      outcome:
        instance.kills.length > 0 && !instance.noSuchPid && !instance.denied ? 'killed' : 'already-gone',
      why: null,
      at,
    });
  }
}

/** Takes new matches in. */
export function take(run: KillRun, live: readonly Match[], at: string): void {
  const { progress } = run;
  const fresh = live.filter((m) => run.instance(m.process.guid) === undefined);
  if (fresh.length > 0)
    progress.round = roundOf(
      run,
      fresh.map((m) => m.process.guid),
    );
  for (const { process, selectors } of live) {
    const known = run.instance(process.guid);
    if (known !== undefined) known.selectors = [...new Set([...known.selectors, ...selectors])];
  }
  for (const { process, selectors, md5, hashSource } of fresh) {
    const why = whyProtected(run, process);
    progress.instances.push({
      guid: process.guid,
      pid: process.pid,
      parentGuid: process.parentGuid,
      path: process.path,
      commandLine: process.commandLine === '' ? null : process.commandLine.slice(0, 500),
      username: process.username === '' ? null : process.username,
      startedAt: process.createTime > 0 ? new Date(process.createTime * 1_000).toISOString() : null,
      md5,
      hashSource,
      outcome: why === null ? 'unknown' : 'protected',
      why: why ?? 'Seen alive; not killed yet.',
      at,
      round: progress.round,
      gapMs: null,
      selectors,
      kills: [],
      noSuchPid: false,
      denied: false,
    });
  }
}

function whyProtected({ input }: KillRun, process: LiveProcess): string | null {
  return (
    protectedProcess(process, input.target.osType) ??
    protectedByPolicy(process.path, input.protectedProcesses)
  );
}

/** Whether it was never killed and may be: protected ones are not, nor respawns past the limit of rounds. */
function isFresh(run: KillRun, match: Match): boolean {
  const instance = run.instance(match.process.guid);
  if (instance === undefined || instance.outcome === 'protected' || instance.kills.length > 0) return false;
  const why = whyLeftAlive(run, instance);
  if (why === null) return true;
  Object.assign(instance, { outcome: 'respawned', why });
  return false;
}

/** How long a killed process may linger, whether it is killed once more, and how long a respawner is watched. */
class Patience {
  private pauses = 0;
  private watched = false;

  constructor(private readonly run: KillRun) {}

  async overLingering(live: readonly Match[]): Promise<Match[] | 'list-again'> {
    const lingering = live.filter((m) => lingers(this.run, m));
    if (lingering.length > 0) {
      const pause = EXIT_PAUSES_MS[this.pauses];
      this.pauses += 1;
      if (pause !== undefined) {
        await this.run.sleep(pause);
        return 'list-again';
      }
      this.pauses = 0;
      return lingering.filter((m) => this.run.instance(m.process.guid)?.kills.length === 1);
    }
    if (this.watched || this.run.progress.round <= 1 || live.length > 0) return [];
    this.watched = true;
    await this.run.sleep(RESPAWN_WATCH_MS);
    return 'list-again';
  }
}

/** Killed, not refused, and still on the list: an exit takes its time. Killed twice and still there, it is given up. */
function lingers(run: KillRun, match: Match): boolean {
  const instance = run.instance(match.process.guid);
  return (
    instance !== undefined &&
    instance.kills.length > 0 &&
    !instance.denied &&
    instance.outcome !== 'protected'
  );
}

/** One kill. A session that goes away under it leaves the answer open: the next list decides. */
async function kill(run: KillRun, instance: KillInstance, list: ProcessList): Promise<void> {
  let command: LiveCommand;
  try {
    command = await runCommand(run, { name: 'kill', object: instance.pid }, (posted) => {
      instance.kills.push({ sessionId: posted.sessionId, commandId: posted.id });
      remember(run.context, run.progress);
    });
  } catch (err) {
    if (err instanceof SessionGone) return;
    throw err;
  }
  const now = await run.now();
  const gapMs = now - list.askedAt;
  // Not known where the clock was set back meanwhile.
  instance.gapMs = gapMs < 0 ? null : Math.max(instance.gapMs ?? 0, gapMs);
  judge(instance, command, new Date(now).toISOString());
  remember(run.context, run.progress);
}

/** What a kill command said; only the next list decides whether the process is dead (API reference 4.8). */
export function judge(instance: KillInstance, command: LiveCommand, at: string): void {
  const code = command.resultCode ?? 0;
  instance.at = at;
  if (command.status === 'complete' && code === 0) {
    instance.outcome = 'survived';
    instance.why = 'The kill was carried out; no later list has shown it gone.';
    instance.noSuchPid = false;
    return;
  }
  const words = `${command.status}, ${command.resultType ?? 'code'} 0x${code.toString(16).padStart(8, '0')} ${command.resultDesc ?? ''}`;
  instance.outcome = 'survived';
  instance.why = `The server answered the kill with ${words.trim()}.`;
  instance.denied = code === ACCESS_DENIED;
  // Where an earlier kill was carried out, it is why there is no such pid any more.
  instance.noSuchPid = !instance.denied && (instance.kills.length <= 1 || instance.noSuchPid);
}
