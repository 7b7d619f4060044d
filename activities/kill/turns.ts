import type { Checkin } from '../../contract/index.js';
import type { Clock, Turns } from '../deps.js';

/** From a turn until its session stands on the server: a check-in that comes sooner is missed, which costs a whole interval. */
const OPENING_MS = 100;
/** How much the latest one counts, and how much longer than they took it may take. */
const OF_THE_LATEST = 0.3;
const MARGIN = 2;
/** Who has waited for so many check-ins of its host goes first, so that nobody is overtaken for ever. */
const PATIENCE_INTERVALS = 2;
const PATIENCE_MS = { least: 60_000, most: 10 * 60_000 };

interface Waiting {
  checkin: Pick<Checkin, 'intervalMs' | 'nextAt'>;
  /** It has a session already, on a slot of the server. */
  goesFirst: boolean;
  since: number;
  go: () => void;
}

/**
 * Whose turn it is to have a Live Response session in this worker. A session takes a slot from when it is asked for, and does
 * nothing until its host checks in; so of those who wait, the one goes next whose host checks in next.
 */
export class SessionTurns implements Turns {
  private taken = 0;
  private readonly waiting = new Set<Waiting>();
  private openingMs = OPENING_MS;

  constructor(
    /** Sessions at once. */
    private readonly most: number,
    private readonly clock: Clock,
  ) {}

  async take(checkin: Waiting['checkin'], o: { goesFirst: boolean; signal: AbortSignal }): Promise<boolean> {
    const since = await this.clock.now();
    o.signal.throwIfAborted();
    if (this.taken < this.most) {
      this.taken += 1;
      return false;
    }
    return await new Promise((resolve, reject) => {
      const stop = (): void => {
        this.waiting.delete(one);
        reject(o.signal.reason as Error);
      };
      const go = (): void => {
        o.signal.removeEventListener('abort', stop);
        resolve(true);
      };
      const one: Waiting = { checkin, goesFirst: o.goesFirst, since, go };
      this.waiting.add(one);
      o.signal.addEventListener('abort', stop, { once: true });
    });
  }

  tookToOpen(ms: number): void {
    this.openingMs += OF_THE_LATEST * (Math.max(0, ms) - this.openingMs);
  }

  async give(): Promise<void> {
    // Taken until somebody is chosen: whoever comes meanwhile is one of those who wait.
    const now = this.waiting.size === 0 ? 0 : await this.clock.now();
    const ready = now + Math.max(OPENING_MS, MARGIN * this.openingMs);
    const next = nextOf([...this.waiting], now, ready);
    if (next === undefined) this.taken -= 1;
    else {
      this.waiting.delete(next);
      next.go();
    }
  }
}

/** @param waiting in the order in which they came; `ready`: when a session would stand that is asked for now. */
function nextOf(waiting: readonly Waiting[], now: number, ready: number): Waiting | undefined {
  const overdue = waiting.find((one) => one.goesFirst || now - one.since > patienceMs(one.checkin));
  if (overdue !== undefined) return overdue;
  let soonest: { one: Waiting; ms: number } | undefined;
  for (const one of waiting) {
    const ms = fromReady(one.checkin, ready);
    if (soonest === undefined || ms < soonest.ms) soonest = { one, ms };
  }
  return soonest?.one;
}

function patienceMs({ intervalMs }: Waiting['checkin']): number {
  return Math.min(PATIENCE_MS.most, Math.max(PATIENCE_MS.least, PATIENCE_INTERVALS * intervalMs));
}

/** Until the next check-in that would find the session. Where it is not known, it may come at once. */
function fromReady({ intervalMs, nextAt }: Waiting['checkin'], ready: number): number {
  if (nextAt === null || intervalMs <= 0) return 0;
  const ahead = nextAt - ready;
  return ((ahead % intervalMs) + intervalMs) % intervalMs;
}
