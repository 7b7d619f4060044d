import type { Context } from '@temporalio/activity';
import type { Sensor } from '../cb-response/index.js';
import {
  type DriftKind,
  formatDuration,
  type FrozenTarget,
  type WatchInput,
  type WatchResult,
} from '../contract/index.js';
import type { Deps } from './deps.js';
import { otherSensorsOf, sameServer } from './frozen.js';
import { checkinOf } from './resolve.js';
import { slowFact } from './slow-fact.js';
import { factOf } from './stale-fact.js';
import { surroundingsOf } from './surroundings.js';
import { temporalNow } from './temporal-time.js';

type Found = WatchResult['drift'];
interface Seen {
  drift: Found;
  wish: boolean | null;
  fact: boolean | null;
  nextCheckinAt: number | null;
  lastCheckin: number | null;
  bootId: string | null;
}

const NOTHING_SEEN: Seen = {
  drift: [],
  ...{ wish: null, fact: null, nextCheckinAt: null, lastCheckin: null, bootId: null },
};

/** So many missed check-ins, and at least so long, before a held sensor counts as silent (hazards H14, H29). */
const SILENT_INTERVALS = 3;
const SILENT_MS = 5 * 60_000;

/** One look at a held sensor; done when drift came or went, when the fact was confirmed first, or at the deadline. */
export async function watchIsolation(deps: Deps, context: Context, input: WatchInput): Promise<WatchResult> {
  const { target } = input;
  sameServer(deps, target);
  const { met, seen, at } = await slowFact(
    deps,
    context,
    input,
    `a change on ${target.hostname}`,
    async () => {
      const now = await look(deps, context, input);
      const kinds = now.drift.map((d) => d.kind);
      const same = kinds.length === input.known.length && kinds.every((kind) => input.known.includes(kind));
      const confirmed = !input.confirmed && now.fact === true && now.wish === true;
      return { met: !same || confirmed, seen: now };
    },
  );
  const last = seen ?? NOTHING_SEEN;
  // A lease outlives changes of its surroundings by months.
  return { ...last, surroundings: await surroundingsOf(deps, context), changed: met, at };
}

async function look(deps: Deps, context: Context, input: WatchInput): Promise<Seen> {
  const { target } = input;
  const o = { signal: context.cancellationSignal };
  const sensor = await deps.cb.sensors.get(target.sensorId, o);
  if (sensor === null) {
    const what = `Sensor ${target.sensorId} is not known to the server any more${await heirs(deps, context, target)}.`;
    return { ...NOTHING_SEEN, drift: [{ kind: 'sensor-gone', what }] };
  }
  const drift: Found = [];
  const add = (kind: DriftKind, what: string): void => void drift.push({ kind, what });
  if (target.registration !== null && sensor.registeredAt !== target.registration) {
    add(
      'sensor-replaced',
      `Sensor ${sensor.id} was registered anew at ${sensor.registeredAt ?? 'an unknown time'}.`,
    );
  } else if (!sensor.online || sensor.uninstalled) {
    const others = await heirs(deps, context, target);
    if (others !== '') add('sensor-replaced', `The host answers under another sensor now${others}.`);
  }
  if (!sensor.wish)
    add('wish-withdrawn', `Somebody withdrew the wish to isolate ${target.hostname} while it was held.`);
  else if (input.confirmed && !sensor.fact) {
    const why = whyLost(input.bootId, sensor.bootId);
    add(
      'isolation-lost',
      `${target.hostname} says that it is not isolated any more: ${why}. The wish stands.`,
    );
  }
  const silent = await silentFor(deps, context, sensor);
  if (silent !== null && input.confirmed) {
    add(
      'silent',
      `${target.hostname} has not checked in for ${formatDuration(silent)} since it was isolated.`,
    );
  }
  const { wish, nextCheckin, lastCheckin, bootId } = sensor;
  const fact = factOf(sensor, input.staleCheckin);
  return { drift, wish, fact, nextCheckinAt: nextCheckin, lastCheckin, bootId };
}

function whyLost(before: string | null, now: string | null): string {
  if (before === null || now === null) return 'a reboot?';
  return before === now ? 'and it was not rebooted' : 'it was rebooted';
}

async function silentFor(deps: Deps, context: Context, sensor: Sensor): Promise<number | null> {
  if (sensor.lastCheckin === null) return null;
  const silence = (await temporalNow(deps, context)) - sensor.lastCheckin;
  const most = Math.max(SILENT_MS, SILENT_INTERVALS * checkinOf(sensor).intervalMs);
  return silence > most ? silence : null;
}

/** Other live sensors of exactly this name, in words. */
async function heirs(deps: Deps, context: Context, target: FrozenTarget): Promise<string> {
  const others = await otherSensorsOf(deps, target, context.cancellationSignal);
  if (others.length === 0) return '';
  return `: ${others.map((s) => `sensor ${s.id} has the name now, isolated: ${s.fact ? 'yes' : 'NO'}`).join(', ')}`;
}
