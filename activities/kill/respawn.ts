import type { LiveProcess } from '../../cb-response/index.js';
import type { EarlierKills, KillInstance, KillProgress } from '../../contract/index.js';
import type { KillRun } from './kill-run.js';

/**
 * Why a match that was never killed is left alive as one that came back, or `null`. The policy may say to report only; or to
 * kill, then up to a number of rounds.
 */
export function whyLeftAlive(run: KillRun, instance: KillInstance): string | null {
  const { respawn, respawnRounds } = run.input;
  if (!cameBack(run, instance)) return null;
  if (respawn === 'report')
    return 'It came back after a kill; by policy that is reported, and it was not killed.';
  if (instance.round <= respawnRounds) return null;
  return `It came back ${instance.round - 1} times; given up.`;
}

/** Call before each kill: remembers, before the first one of the run, which of the host's processes was the youngest then. */
export function rememberYoungest(run: KillRun, list: readonly LiveProcess[]): void {
  if (hasKilled(run)) return;
  const births = list.map((p) => birthOf(p.guid)).filter((birth) => birth !== null);
  run.progress.newestBeforeKills = births.sort().at(-1) ?? null;
}

/** Which round matches that show for the first time belong to: only what came back begins another one. */
export function roundOf(run: KillRun, guids: readonly string[]): number {
  const next = run.progress.round + 1;
  const isNext = run.progress.round === 0 || guids.some((guid) => cameBack(run, { guid, round: next }));
  return isNext ? next : run.progress.round;
}

/** What the kills after this activity must know; `null`: it killed nothing itself. */
export function killsOf({ instances, newestBeforeKills }: KillProgress): EarlierKills | null {
  const rounds = instances.filter((i) => i.kills.length > 0).map((i) => i.round);
  return rounds.length > 0 ? { newestBeforeKills, rounds: Math.max(...rounds) } : null;
}

/** Whether the run has killed anything, in this activity or in one before it. */
function hasKilled({ input, progress }: KillRun): boolean {
  return (input.earlierKills ?? killsOf(progress)) !== null;
}

/** Whether it started after the first kill. What was there before, and only shows now that it matches, did not come back. */
function cameBack(run: KillRun, { guid, round }: Pick<KillInstance, 'guid' | 'round'>): boolean {
  if (!hasKilled(run)) return false;
  const birth = birthOf(guid);
  const { newestBeforeKills } = run.progress;
  if (birth === null || newestBeforeKills === null) return round > 1;
  return birth > newestBeforeKills;
}

/** When a process was created, by its GUID (API reference 4.7): 16 hex digits, which compare as they are. */
function birthOf(guid: string): string | null {
  const digits = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f]{4})-([0-9a-f]{12})$/i.exec(guid);
  return digits === null ? null : `${digits[1]}${digits[2]}`.toLowerCase();
}
