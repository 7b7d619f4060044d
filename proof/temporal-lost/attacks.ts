import { sleepAttack } from './asleep.js';
import type { Attack } from './attack.js';
import { clockAttack } from './clock.js';
import { crashAtRandom } from './crash-at-random.js';
import { crashAtMoments } from './crash.js';
import { lineAttack } from './cut.js';
import { addNamespace } from './house.js';
import { pausedAttack } from './paused.js';

const HOUR_MS = 3_600_000;

/** Every attack of this part; those that leave Temporal alone share the server at `temporalAddress`, each in a namespace of its own. */
export function attacksOn(temporalAddress: string): Attack[] {
  const place = (namespace: string) => async (): Promise<{ temporalAddress: string; namespace: string }> => {
    await addNamespace(temporalAddress, namespace);
    return { temporalAddress, namespace };
  };
  // Those that wait longest come first: workers start one after the other.
  return [
    lineAttack('temporal', 'cut', place('temporal-cut')),
    lineAttack('temporal', 'silence', place('temporal-silence')),
    lineAttack('cb', 'cut', place('cb-cut')),
    lineAttack('cb', 'silence', place('cb-silence')),
    clockAttack('clock-ahead', HOUR_MS, place('clock-ahead')),
    clockAttack('clock-back', -HOUR_MS, place('clock-back')),
    sleepAttack('asleep-alone', place('asleep-alone')),
    sleepAttack('asleep-relieved', place('asleep-relieved')),
    sleepAttack('paused-relieved', place('paused-relieved')),
    pausedAttack(place('paused-between-kills')),
    crashAtMoments,
    crashAtRandom,
  ];
}
