import { setImmediate as otherWork } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';

const FIRST_MS = 1_000;
const LONGEST_MS = 15 * 60_000;
const GROWTH = 1.5;

/** Lets time pass until the promise has settled, and gives what it gave. */
export type TimePasses = <T>(until: Promise<T>) => Promise<T>;

/**
 * Lets the time-skipping server skip, in growing steps, for as long as somebody waits. Not by the SDK's own way
 * (`handle.result()` of its client): that keeps skipping for the moment between a run's end and the client's word to
 * stop, and the next event is then the run's own time-out, ten years on (tried). Steps overshoot by one of them.
 * However many wait, one loop steps: time is the server's.
 */
export function timePassing(temporal: TestWorkflowEnvironment): TimePasses {
  if (!temporal.supportsTimeSkipping) return (until) => until;
  let waiting = 0;
  let stepping: Promise<void> | null = null;

  async function stepOn(): Promise<void> {
    for (let step = FIRST_MS; waiting > 0; step = Math.min(LONGEST_MS, step * GROWTH)) {
      await temporal.sleep(step);
      await otherWork();
    }
    stepping = null;
  }

  return async (until) => {
    waiting += 1;
    if (!stepping) {
      stepping = stepOn();
      // Told to those who wait, at the end of their wait.
      stepping.catch(() => undefined);
    }
    try {
      return await until;
    } finally {
      waiting -= 1;
      if (waiting === 0) await stepping;
    }
  };
}
