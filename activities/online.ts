import type { Context } from '@temporalio/activity';
import type { OnlineInput, OnlineResult } from '../contract/index.js';
import type { Deps } from './deps.js';
import { failure } from './failure.js';
import { otherSensorsOf, readSensor } from './frozen.js';
import { checkinOf } from './resolve.js';
import { slowFact } from './slow-fact.js';

/** Looks from one search for an heir to the next: it costs two requests more, and what fires later is validated anyway. */
const HEIR_EVERY = 10;

/** Until an offline host checks in again, outside the Live Response queue (hazard H15). */
export async function awaitOnline(deps: Deps, context: Context, input: OnlineInput): Promise<OnlineResult> {
  const { met, seen, at } = await slowFact(
    deps,
    context,
    input,
    `${input.target.hostname} to check in`,
    async () => {
      const checkin = checkinOf(await readSensor(deps, input.target, context.cancellationSignal));
      if (!checkin.online && context.info.attempt % HEIR_EVERY === 1)
        await refuseHeir(deps, context, input.target);
      const { online, lastAt } = checkin;
      const checkedIn = input.newerThan === null || (lastAt !== null && lastAt > input.newerThan);
      return { met: online && checkedIn, seen: checkin };
    },
  );
  return {
    met,
    checkin: seen ?? { intervalMs: input.everyMs, lastAt: null, nextAt: null, online: false, bootId: null },
    at,
  };
}

/** Another live sensor with exactly this name: the host was set up anew, and what was asked for was about the old one. */
async function refuseHeir(deps: Deps, context: Context, target: OnlineInput['target']): Promise<void> {
  const heirs = await otherSensorsOf(deps, target, context.cancellationSignal);
  if (heirs.length === 0) return;
  throw failure(
    'TargetChanged',
    `${target.hostname} answers under another sensor now (${heirs.map((s) => s.id).join(', ')}); this run is about ` +
      `sensor ${target.sensorId}. Start again to contain the new one.`,
  );
}
