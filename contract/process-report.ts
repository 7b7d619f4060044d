import type { IsoTime } from './target.js';

export type ProcessOutcome = 'killed' | 'already-gone' | 'survived' | 'protected' | 'respawned' | 'unknown';

export interface ProcessReport {
  guid: string;
  pid: number;
  parentGuid: string | null;
  path: string;
  commandLine: string | null;
  username: string | null;
  /** When it started, as the host says; `null` where it does not. */
  startedAt: IsoTime | null;
  /** Upper case, or `null` where it is not known. */
  md5: string | null;
  hashSource: 'index' | 'disk' | null;
  outcome: ProcessOutcome;
  /** Why it is not dead, in the server's words; `null` where it is. */
  why: string | null;
  at: IsoTime;
  round: number;
}
