import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

export interface RetryOptions {
  signal: AbortSignal;
  /** Called before the first wait only: one line, not one an attempt. */
  onWaiting(error: unknown): void;
  /** Called once it worked after a wait. */
  onBack(): void;
}

/** Tries until it works, 1 s doubling up to 30 s apart; what `isWorthWaiting` denies is thrown at once. */
export async function untilItWorks<T>(
  attempt: () => Promise<T>,
  isWorthWaiting: (error: unknown) => boolean,
  o: RetryOptions,
): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    o.signal.throwIfAborted();
    try {
      const result = await attempt();
      if (waits > 0) o.onBack();
      return result;
    } catch (error) {
      if (!isWorthWaiting(error)) throw error;
      if (waits === 0) o.onWaiting(error);
      await sleep(Math.min(LONGEST_MS, FIRST_MS * 2 ** waits), undefined, { signal: o.signal });
    }
  }
}
