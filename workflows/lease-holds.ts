import type { AcquireArgs, Hold } from '../contract/index.js';
import { iso, now } from './time.js';

export function newHold(args: AcquireArgs): Hold {
  return {
    holdId: args.holdId,
    workflowId: args.workflowId ?? null,
    runId: args.runId ?? null,
    who: args.who ?? null,
    reason: args.reason ?? null,
    since: iso(now()),
    until: args.leaseMs ? iso(now() + args.leaseMs) : null,
    verdict: null,
    alreadyWished: null,
    keptBecause: null,
    endAskedBy: null,
  };
}

/** Holds whose end has come, and the next end that is still to come. */
export function endsOf(holds: Iterable<Hold>): { due: Hold[]; next: number | null } {
  const due: Hold[] = [];
  let next: number | null = null;
  for (const hold of holds) {
    if (hold.until === null || hold.keptBecause !== null) continue;
    const until = Date.parse(hold.until);
    if (until <= now()) due.push(hold);
    else next = next === null ? until : Math.min(next, until);
  }
  return { due, next };
}
