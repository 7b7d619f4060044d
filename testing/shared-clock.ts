import { setTimeout as realSleep } from 'node:timers/promises';
import type { Clock } from '../cb-response/index.js';

const MOMENT_MS = 100;
const BREATH_MS = 15;

/** One time for activities, Cb client and simulator. */
export interface SharedClock extends Clock {
  now(): Promise<number>;
  /** How far this clock is ahead of Temporal's, in ms: what the activities and the simulator have slept. */
  ahead(): number;
}

/**
 * Temporal's time plus whatever has been slept on this clock. `sleep` moves this clock on and returns at once: it
 * must never move the test server's own, which would pass the running activity's heartbeat time-out.
 */
export function sharedClock(temporalNow: () => Promise<number>): SharedClock {
  let ahead = 0;
  return {
    now: async () => (await temporalNow()) + ahead,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      ahead += Math.max(0, ms);
      // Others get their turn, as they would in a real sleep. Who waits for moments looks for what another worker is doing:
      // without a breath it would ask a hundred times.
      if (ms <= MOMENT_MS) await realSleep(Math.min(ms, BREATH_MS));
      else await new Promise((resolve) => setImmediate(resolve));
    },
    ahead: () => ahead,
  };
}

/** The machine's own time, of the same shape. */
export function realClock(): SharedClock {
  return {
    now: () => Promise.resolve(Date.now()),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const timer = setTimeout(done, ms);
        function done(): void {
          signal?.removeEventListener('abort', stopped);
          resolve();
        }
        function stopped(): void {
          clearTimeout(timer);
          reject(signal?.reason as Error);
        }
        signal?.addEventListener('abort', stopped, { once: true });
      }),
    ahead: () => 0,
  };
}
