import type { Context } from '@temporalio/activity';
import type { FactInput, FactResult, LeaseActivities, WishReading } from '../contract/index.js';
import type { Deps } from './deps.js';
import { afterActing, failure } from './failure.js';
import { readSensor, sameServer } from './frozen.js';
import { slowFact } from './slow-fact.js';
import { factOf, isStale } from './stale-fact.js';
import { requireStillOurs } from './still-ours.js';
import { surroundingsOf } from './surroundings.js';
import { temporalNow } from './temporal-time.js';

/** A call that waited so long for a worker looks at the sensor again before it changes anything. */
const READ_AGAIN_MS = 5_000;

/** Wish and fact as they stand, and the group that a PUT must repeat. */
export async function readWish(
  deps: Deps,
  context: Context,
  input: Parameters<LeaseActivities['readWish']>[0],
): Promise<WishReading> {
  const [{ wish, fact, groupId, lastCheckin }, surroundings] = await Promise.all([
    readSensor(deps, input.target, context.cancellationSignal),
    surroundingsOf(deps, context),
  ]);
  return { wish, fact, groupId, lastCheckin, surroundings, at: await deps.clock.now() };
}

/** Writes the wish and reads it back. A PUT is never broken off: what it does must be known before anything is undone. */
export async function writeWish(
  deps: Deps,
  context: Context,
  input: Parameters<LeaseActivities['writeWish']>[0],
): ReturnType<LeaseActivities['writeWish']> {
  const { target, wanted } = input;
  // The PUT repeats the group: somebody may have moved the host since the wish was read.
  let { groupId } = input;
  sameServer(deps, target);
  if (context.info.attempt > 1) {
    // An answer that was lost says nothing: what an earlier attempt did is read back before it is done again.
    const left = await afterActing(readWish(deps, context, input));
    if (left.wish === wanted) return left;
    groupId = left.groupId;
  } else if (Math.abs((await deps.clock.now()) - context.info.scheduledTimestampMs) > READ_AGAIN_MS) {
    // Nobody worked for a while: the sensor may have been registered anew since its wish was read.
    ({ groupId } = await readSensor(deps, target, context.cancellationSignal));
  }
  if ((await temporalNow(deps, context)) > input.deadline) {
    throw failure(
      'DeadlinePassed',
      `The time to ${wanted ? 'isolate' : 'release'} ${target.hostname} has passed.`,
    );
  }
  await requireStillOurs(deps, context);
  await deps.cb.sensors.setIsolation({ id: target.sensorId, groupId }, wanted);
  const read = await afterActing(readSensor(deps, target));
  const { wish, fact, lastCheckin } = read;
  return { wish, fact, groupId: read.groupId, lastCheckin, at: await deps.clock.now() };
}

/** Until the sensor itself says that it is isolated; the wish alone proves nothing (hazard H11). */
export function awaitIsolation(deps: Deps, context: Context, input: FactInput): Promise<FactResult> {
  return awaitFact(deps, context, input, true);
}

/** Until wish and fact are both gone. */
export function awaitRelease(deps: Deps, context: Context, input: FactInput): Promise<FactResult> {
  return awaitFact(deps, context, input, false);
}

async function awaitFact(
  deps: Deps,
  context: Context,
  input: FactInput,
  wanted: boolean,
): Promise<FactResult> {
  const what = `${input.target.hostname} to say that it is ${wanted ? 'isolated' : 'released'}`;
  const { met, seen, at } = await slowFact(deps, context, input, what, async () => {
    const sensor = await readSensor(deps, input.target, context.cancellationSignal);
    const { wish } = sensor;
    const isNew = !isStale(sensor, input.staleCheckin);
    const fact = wanted ? factOf(sensor, input.staleCheckin) : sensor.fact;
    // A wish that is back will not be followed by a release: the wait is over, and not met.
    return { met: wanted ? fact === true : (!fact && isNew) || wish, seen: { wish, fact } };
  });
  if (!wanted && seen?.wish) return { met: false, lastSeen: seen, at };
  return { met, lastSeen: seen ?? { wish: null, fact: null }, at };
}
