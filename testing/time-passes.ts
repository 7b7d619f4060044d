import type { TestWorkflowEnvironment } from '@temporalio/testing';

const FIRST_MS = 1_000;
const LONGEST_MS = 15 * 60_000;
const GROWTH = 1.5;

/**
 * Lets the time-skipping server skip, in growing steps, until the promise has settled. Not by the SDK's own way
 * (`handle.result()` of its client): that keeps skipping for the moment between a run's end and the client's word to
 * stop, and the next event is then the run's own time-out, ten years on (tried). Steps overshoot by one of them.
 */
export async function whileTimePasses<T>(temporal: TestWorkflowEnvironment, until: Promise<T>): Promise<T> {
  if (!temporal.supportsTimeSkipping) return await until;
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  until.then(settle, settle);
  for (let step = FIRST_MS; !settled; step = Math.min(LONGEST_MS, step * GROWTH)) {
    await temporal.sleep(step);
  }
  return await until;
}
