import type { Seen } from '../seen.js';
import { accountedFor } from './accounted-for.js';
import { answersKept } from './answers-kept.js';
import { containedIsTrue } from './contained.js';
import { endedInTime } from './ended-in-time.js';
import type { Findings } from './findings.js';
import { onlyThePlan } from './only-the-plan.js';
import { othersWorkStands } from './others-work.js';
import { sessionsClosed } from './sessions-closed.js';

export interface Invariant {
  letter: string;
  promise: string;
  check(seen: Seen): Findings;
}

/** What must hold of every schedule, whatever happened in it; pure functions of what was seen. */
export const INVARIANTS: readonly Invariant[] = [
  { letter: 'a', promise: '`contained` is true of the host', check: containedIsTrue },
  { letter: 'b', promise: 'nothing outside the plan is touched', check: onlyThePlan },
  { letter: 'c', promise: 'what was changed is held, undone or named', check: accountedFor },
  { letter: 'd', promise: 'no session of ours stays open', check: sessionsClosed },
  { letter: 'e', promise: 'somebody else’s work stands', check: othersWorkStands },
  { letter: 'f', promise: 'the run ended, in bounded time', check: endedInTime },
  { letter: 'g', promise: 'what was answered is kept', check: answersKept },
];
