import type { Checkin } from './checkin.js';
import type { Evidence, RespawnPolicy } from './policy.js';
import type { ProcessReport } from './process-report.js';
import type { EvidenceReport, SessionReport } from './receipt.js';
import type { CheckedRequest, ProcessSelector } from './request.js';
import type { RunIdentity } from './run-identity.js';
import type { FrozenTarget } from './target.js';

/** A selector with the number it has on the run's work list. */
export interface NumberedSelector {
  n: number;
  selector: ProcessSelector;
  banScope: CheckedRequest['banScope'];
}

export interface EnumerateAndKillInput {
  target: FrozenTarget;
  run: RunIdentity;
  selectors: NumberedSelector[];
  checkin: Checkin;
  /** From the first Live Response slot on; a pending session that times out is no failure before that. */
  deadlineAfterSlotMs: number;
  /** After this moment no session is opened any more, slot or no slot. */
  latest: number;
  respawnRounds: number;
  /** `report`: what comes back after a kill is named and left alive. */
  respawn: RespawnPolicy;
  /** `plan`: lists, matches and hashes, and kills nothing. */
  mode: 'kill' | 'plan';
  /** What a person approved: a match that is not among these ends the activity with `changed`, before any kill. `null`: all. */
  approved: { path: string; md5: string | null }[] | null;
  /** Base names or full paths of the policy, beside the built-in list. */
  protectedProcesses: string[];
  evidence: Evidence;
  /** What the run killed before, in activities of their own: what is younger came back. Older inputs lack it. */
  earlierKills?: EarlierKills | null;
}

/** All that a kill must know of the kills of its run before it. */
export interface EarlierKills {
  /** See {@link KillProgress.newestBeforeKills}. */
  newestBeforeKills: string | null;
  /** Rounds of kills, the first one included. */
  rounds: number;
}

/** Why `enumerateAndKill` ended: `done` means a fresh list showed no live match that can still be killed. */
export type KillEnd = 'done' | 'cancelled' | 'deadline' | 'refused' | 'changed';

export interface EnumerateAndKillResult {
  end: KillEnd;
  /** Why it is not `done`. */
  problem: { type: string; message: string } | null;
  /** Whether at least one process list came back. */
  listed: boolean;
  processes: (ProcessReport & { selectors: number[] })[];
  /** Matches that the last list showed alive, protected ones included; `null` when no list came. */
  liveMatches: number | null;
  /** Selectors that matched nothing, neither alive nor in the index. */
  unmatched: number[];
  nearestNames: string[];
  /** Paths whose hash was needed for a selector and could not be had: they may match. */
  unhashed?: string[];
  sessions: SessionReport[];
  /**
   * A request that opens a session got no readable answer, and nobody found out what became of it: the server's sessions
   * before it, and the Cb user that posts our commands. Older results lack it.
   */
  lostOpen?: Pick<KillProgress, 'sessionsBefore' | 'askedTimeoutS' | 'username'> | null;
  lastListAt: number | null;
  notes: string[];
  evidence: EvidenceReport[];
  /** Kills of the run so far, those of the input included; `null`: none. Older results lack it. */
  earlierKills?: EarlierKills | null;
}

/** Heartbeat details of `enumerateAndKill`: all that another worker needs to go on without doing anything twice. */
export interface KillProgress {
  startedAt: number;
  /** From when the step's deadline counts as long as no slot was had: the start, or the last "all taken". */
  budgetFrom: number;
  /** When the first slot was had; the step's deadline counts from here. */
  slotAt: number | null;
  /** Ids of the server's sessions listed before one was opened: the checkpoint that tells ours from others'. */
  sessionsBefore: number[] | null;
  /** The `checkin_timeout` that our sessions are asked for with, seconds: it tells them from others'. Older progress lacks it. */
  askedTimeoutS?: number | null;
  sessionId: number | null;
  sessionOurs: boolean;
  /** The Cb user that posts our commands, once known. */
  username: string | null;
  round: number;
  listed: boolean;
  liveMatches: number | null;
  lastListAt: number | null;
  instances: KillInstance[];
  /** The youngest process on the lists before the first kill, as its GUID tells: what is younger came back. */
  newestBeforeKills: string | null;
  /** From when the time for evidence counts. */
  evidenceFrom: number | null;
  evidence: EvidenceReport[];
  sessions: SessionReport[];
  notes: string[];
}

export interface KillInstance extends ProcessReport {
  selectors: number[];
  /** Ids of our kill commands against it, each with the session it was posted in. */
  kills: { sessionId: number; commandId: number }[];
  /** The server said that there is no such pid: a fresh list decides whether it was gone already. */
  noSuchPid: boolean;
  /** The host refused the kill: another one would be refused too. */
  denied: boolean;
}

export interface SettleSessionInput {
  target: FrozenTarget;
  run: RunIdentity;
  progress: KillProgress | null;
}

export interface SettleSessionResult {
  processes: (ProcessReport & { selectors: number[] })[];
  liveMatches: number | null;
  listed: boolean;
  sessions: SessionReport[];
  evidence: EvidenceReport[];
  /** `null`: the activity before killed nothing. Older results lack it. */
  earlierKills?: EarlierKills | null;
}
