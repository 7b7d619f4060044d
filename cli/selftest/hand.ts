import { type Cb, isPassing } from './cb.js';

/** Time in epoch milliseconds. */
export interface SelftestClock {
  now(): number | Promise<number>;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The self-test's own way to the server: looks, and the marker; never the containment itself. */
export interface Hand {
  cb: Cb;
  clock: SelftestClock;
  /** Aborted by Ctrl-C; absent while things are put back. */
  signal?: AbortSignal;
  /** How long a server in trouble is tried again, ms. */
  patienceMs: number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/** A call that is the same however often it is made, tried again through what passes. */
export async function steady<T>(hand: Hand, call: (o: { signal?: AbortSignal }) => Promise<T>): Promise<T> {
  const end = (await hand.clock.now()) + hand.patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, 2 * pause)) {
    try {
      return await call({ signal: hand.signal });
    } catch (error) {
      if (!isPassing(error) || (await hand.clock.now()) + pause > end) throw error;
      await hand.clock.sleep(Math.max(pause, retryAfterOf(error)), hand.signal);
    }
  }
}

/** Milliseconds that the server asks for. */
export function retryAfterOf(error: unknown): number {
  const ms = (error as { retryAfterMs?: number | null } | null)?.retryAfterMs;
  return typeof ms === 'number' ? Math.min(ms, 60_000) : 0;
}

/** Asks until it is so, or `ms` have passed; the last answer either way. */
export async function until<T>(
  hand: Hand,
  ms: number,
  ask: () => Promise<T>,
  isSo: (answer: T) => boolean,
  everyMs = 2_000,
): Promise<T> {
  const end = (await hand.clock.now()) + ms;
  for (;;) {
    const answer = await ask();
    if (isSo(answer) || (await hand.clock.now()) >= end) return answer;
    await hand.clock.sleep(everyMs, hand.signal);
  }
}
