import type { Context } from '@temporalio/activity';
import type { OnlineInput, OnlineResult } from '../contract/index.js';
import type { Deps } from './deps.js';
import { readSensor } from './frozen.js';
import { checkinOf } from './resolve.js';
import { slowFact } from './slow-fact.js';

/** Until an offline host checks in again, outside the Live Response queue (hazard H15). */
export async function awaitOnline(deps: Deps, context: Context, input: OnlineInput): Promise<OnlineResult> {
  const { met, seen, at } = await slowFact(
    deps,
    context,
    input,
    `${input.target.hostname} to check in`,
    async () => {
      const checkin = checkinOf(await readSensor(deps, input.target, context.cancellationSignal));
      const { online, lastAt } = checkin;
      const checkedIn = input.newerThan === null || (lastAt !== null && lastAt > input.newerThan);
      return { met: online && checkedIn, seen: checkin };
    },
  );
  return {
    met,
    checkin: seen ?? { intervalMs: input.everyMs, lastAt: null, nextAt: null, online: false },
    at,
  };
}
