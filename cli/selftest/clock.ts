import { setTimeout as sleep } from 'node:timers/promises';
import type { SelftestClock } from './hand.js';

/** The machine's own time. */
export const realClock: SelftestClock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      throw signal?.reason ?? error;
    }
  },
};
