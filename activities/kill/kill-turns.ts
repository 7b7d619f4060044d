import type { KillTurns } from '../deps.js';

/**
 * Kills on one host one after the other, whichever runs of this worker they are of: the server kills by pid, and a kill of
 * the one may hand a pid that the other has just listed to somebody else (hazards H9, H10).
 */
export class HostKillTurns implements KillTurns {
  private readonly last = new Map<number, Promise<void>>();
  private readonly kills = new Map<number, number>();

  killsOn(sensorId: number): number {
    return this.kills.get(sensorId) ?? 0;
  }

  async take(sensorId: number, signal: AbortSignal): Promise<(killed: boolean) => void> {
    signal.throwIfAborted();
    const before = this.last.get(sensorId);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const mine = before === undefined ? ended : before.then(() => ended);
    this.last.set(sensorId, mine);
    const give = (killed: boolean): void => {
      if (killed) this.kills.set(sensorId, this.killsOn(sensorId) + 1);
      end();
      // Nobody has come since: nothing is kept for the next one to wait for.
      if (this.last.get(sensorId) === mine) this.last.delete(sensorId);
    };
    if (before !== undefined) {
      try {
        await unlessAborted(before, signal);
      } catch (err) {
        end();
        throw err;
      }
    }
    return give;
  }
}

/** @throws the signal's reason, as soon as it is aborted */
async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
