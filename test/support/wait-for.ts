import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Real milliseconds; default 10000. */
  timeoutMs?: number;
  everyMs?: number;
}

/** Looks until `probe` gives something else than `undefined`, `null` or `false`, and returns it; then says what never came. */
export async function waitFor<T>(
  what: string,
  probe: () => T | Promise<T>,
  o: WaitOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const timeoutMs = o.timeoutMs ?? 10_000;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await probe();
    if (seen !== undefined && seen !== null && seen !== false) {
      return seen as Exclude<T, undefined | null | false>;
    }
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await sleep(o.everyMs ?? 20);
  }
}
