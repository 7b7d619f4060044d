import type { LedgerEntry } from '../../../simulator/index.js';
import { md5Of } from '../draw-hosts.js';
import { ANALYST, PLAYBOOK } from '../schedule.js';
import type { Seen } from '../seen.js';

export interface PastProcess {
  guid: string;
  path: string;
  md5: string;
  /** `null`: it ran when everything began. */
  startedAt: number | null;
}

/** A GET whose answer is older than this may be outdated by what somebody did meanwhile: both are requests of one server. */
export const RACE_MS = 120_000;

/** What was true of the simulated world at an earlier moment, from its ledger. */
export class Past {
  constructor(private readonly seen: Seen) {}

  /** Whether the host really was cut off. */
  isolatedAt(sensorId: number, at: number): boolean {
    const start = this.seen.schedule.hosts.find((host) => host.sensorId === sensorId);
    let is = start?.isolatedBefore ?? false;
    for (const entry of this.of(sensorId, at)) {
      if (entry.effect === 'isolated') is = true;
      if (entry.effect === 'released') is = false;
    }
    return is;
  }

  /** Whether it was so at some time within the last moments, and not before `since`. */
  isolatedSince(sensorId: number, since: number, at: number): boolean {
    const from = Math.max(since, at - RACE_MS);
    return (
      this.isolatedAt(sensorId, from) ||
      this.of(sensorId, at).some((e) => e.effect === 'isolated' && e.at >= from)
    );
  }

  aliveAt(sensorId: number, at: number): PastProcess[] {
    const alive = new Map<string, PastProcess>();
    for (const { guid, path, md5 } of this.sensor(sensorId)?.processes ?? [])
      alive.set(guid, { guid, path, md5, startedAt: null });
    for (const entry of this.of(sensorId, at)) {
      const { guid, path = '', md5 = '' } = entry;
      if (guid === undefined) continue;
      if (entry.effect === 'process-started') alive.set(guid, { guid, path, md5, startedAt: entry.at });
      if (['killed', 'process-ended', 'ban-enforced'].includes(entry.effect)) alive.delete(guid);
    }
    return [...alive.values()];
  }

  /** Everything that ran on this sensor at any time, what had ended before it all began too. */
  everOn(sensorId: number): { path: string; md5: string }[] {
    const plan = this.seen.worldHosts.find((host) => host.sensorId === sensorId);
    const planned = (plan?.processes ?? []).map(({ path, binary = '' }) => ({ path, md5: md5Of(binary) }));
    const started = this.of(sensorId, Infinity).flatMap(({ effect, path, md5 }) =>
      effect === 'process-started' && path !== undefined && md5 !== undefined ? [{ path, md5 }] : [],
    );
    return [...planned, ...(this.sensor(sensorId)?.processes ?? []), ...started];
  }

  bannedAt(md5: string, at: number): boolean {
    const key = md5.toLowerCase();
    let is = this.seen.atStart.bans.some((ban) => ban.md5.toLowerCase() === key && ban.enabled);
    for (const entry of this.seen.ledger) {
      if (entry.at > at || entry.md5?.toLowerCase() !== key) continue;
      if (entry.effect === 'banned') is = true;
      if (entry.effect === 'unbanned') is = false;
    }
    return is;
  }

  /** Lifted a moment ago, whoever did it: it may have been read before. */
  liftedLately(md5: string, at: number): boolean {
    return this.seen.ledger.some(
      (e) =>
        e.effect === 'unbanned' &&
        e.md5?.toLowerCase() === md5.toLowerCase() &&
        e.at <= at &&
        e.at >= at - RACE_MS,
    );
  }

  /** Who wrote the wish that stands at this moment; `null`: none stands. */
  wishOwnerAt(sensorId: number, at: number): string | null {
    const plan = this.seen.schedule.hosts.find((host) => host.sensorId === sensorId);
    let owner: string | null = plan?.isolatedBefore === true ? ANALYST : null;
    for (const { effect, by } of this.of(sensorId, at)) {
      if (effect === 'wish-set') owner = by ?? ANALYST;
      if (effect === 'wish-cleared') owner = null;
    }
    return owner;
  }

  /** When the last process list before this moment was taken for the playbook, on the simulator's clock. */
  lastListBefore(sensorId: number, at: number): number | null {
    const lists = this.of(sensorId, at).filter((e) => e.effect === 'process-list' && e.by === PLAYBOOK);
    return lists.at(-1)?.at ?? null;
  }

  of(sensorId: number, until: number): LedgerEntry[] {
    return this.seen.ledger.filter((e) => e.sensorId === sensorId && e.at <= until);
  }

  private sensor(sensorId: number): Seen['atStart']['sensors'][number] | undefined {
    return this.seen.atStart.sensors.find(({ id }) => id === sensorId);
  }
}

/** Whether the playbook asked the server, and was answered, in this span: then it could have known. */
export function couldHaveKnown(seen: Seen, path: string, from: number, to: number): boolean {
  return seen.journal.some(
    (e) =>
      e.method === 'GET' &&
      e.path.toLowerCase() === path.toLowerCase() &&
      e.at > from &&
      e.at < to &&
      e.status === 200,
  );
}
