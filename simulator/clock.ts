import type { SimulatorClock } from './types.js';

/** The machine's own time. */
export const realClock: SimulatorClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export interface VirtualClock extends SimulatorClock {
  now(): number;
  /** Moves time on by this many ms; nothing waits. */
  advance(ms: number): void;
}

/** A clock that stands still until it is advanced; `sleep` advances it and returns at once. */
export function virtualClock(startMs = Date.UTC(2024, 0, 15, 9, 0, 0)): VirtualClock {
  let now = startMs;
  return {
    now: () => now,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock only goes forward: advance(${ms}) expected ms >= 0.`);
      now += ms;
    },
    async sleep(ms) {
      now += Math.max(0, ms);
    },
  };
}
