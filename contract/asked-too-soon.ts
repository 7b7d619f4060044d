/** What a query is refused with while a worker has yet to read the run: the same question a moment later is answered. */
export const ASKED_TOO_SOON = 'This worker has yet to read the run, and was asked about it. Ask again.';

const MOST_ASKED = 5;
const ASK_AGAIN_MS = 200;

export function isAskedTooSoon(error: unknown): boolean {
  return error instanceof Error && error.message.includes(ASKED_TOO_SOON);
}

/**
 * Asks again what was refused with {@link ASKED_TOO_SOON}, five times within a second. Of a run that was ended while a task
 * of it waited for a worker every query is refused, for ever: who asks about closed runs needs their memo.
 */
export async function untilItWasRead<T>(
  ask: () => Promise<T>,
  sleep: (ms: number) => Promise<unknown>,
): Promise<T> {
  for (let asked = 1; ; asked += 1) {
    try {
      return await ask();
    } catch (error) {
      if (asked === MOST_ASKED || !isAskedTooSoon(error)) throw error;
      await sleep(ASK_AGAIN_MS);
    }
  }
}
