import { setTimeout as sleep } from 'node:timers/promises';

/** Lets time pass, less where the signal is given; never throws. It leaves nothing on the signal: a wait may last for days. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
