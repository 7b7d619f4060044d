import type { BrakesState, PauseResult, UndoReceipt } from '../contract/index.js';
import { brakesOf, type PauseOptions, pausePlaybook, type ResumeOptions, resumePlaybook } from './brakes.js';
import type { Session } from './session.js';
import { type UndoOptions, undoRun } from './undo.js';

/** The guard rails, for people and for automation that acts for them. */
export interface GuardMethods {
  /**
   * Reverses what one closed containment did and what still stands of it: its own bans and its own hold, nothing else.
   * Without `apply` it tells what it would do. Once more, there is nothing to undo.
   */
  undo(idOrHost: string, options?: UndoOptions): Promise<UndoReceipt>;
  /** Stops every new containment of the namespace until `resume`; what runs goes on, undo too. */
  pause(options: PauseOptions): Promise<PauseResult>;
  /** Lets containments start again. */
  resume(options?: ResumeOptions): Promise<PauseResult>;
  /** Whether the playbook is paused, and what counts against the limits. Needs no worker. */
  brakes(): Promise<BrakesState>;
}

export function guardMethods(session: Session): GuardMethods {
  return {
    undo: (idOrHost, options) => undoRun(session, idOrHost, options),
    pause: (options) => pausePlaybook(session, options),
    resume: (options) => resumePlaybook(session, options),
    brakes: () => brakesOf(session),
  };
}
