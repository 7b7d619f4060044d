import type { JournalEntry, RequestMatch } from '../../simulator/index.js';
import type { Host } from '../../test/chaos/fleet.js';

/** What one request can meet: lost on the way there, lost on the way back, answered by somebody else, or by nonsense. */
export const KINDS = ['cut', 'act-then-cut', 'html-502', 'malformed'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * One request of a containment. Steps of a run work side by side: which request is the 20th of all differs from run to run,
 * which one closes the session does not.
 */
export interface Spot {
  /** `PUT /api/v1/sensor/:id`. */
  route: string;
  /** Counted from 1, of those on this route. */
  nth: number;
}

/** A journal as spots, in its order. */
export function spotsOf(journal: readonly Pick<JournalEntry, 'route'>[]): Spot[] {
  const seen = new Map<string, number>();
  return journal.map(({ route }) => {
    const nth = (seen.get(route) ?? 0) + 1;
    seen.set(route, nth);
    return { route, nth };
  });
}

/** That request of this host's run; sensors of others are looked at meanwhile, by the leases that earlier runs left. */
export function matchOf({ route, nth }: Spot, { sensorId }: Pick<Host, 'sensorId'>): RequestMatch {
  const own = route.replace('/api/v1/sensor/:id', `/api/v1/sensor/${sensorId}`);
  return { route: new RegExp(`^${own.replace(/:\w+/g, '[^/]+')}$`), nth };
}

/** `cut at PUT /api/v1/sensor/:id 1`: what `--only` takes. */
export function nameOf(kind: Kind, { route, nth }: Spot): string {
  return `${kind} at ${route} ${nth}`;
}

/** The same backwards; `null` for what is no such name. */
export function parseName(name: string): { kind: Kind; spot: Spot } | null {
  const [, word, route, nth] = /^(\S+) at ([A-Z]+ \/\S+) ([1-9]\d*)$/.exec(name) ?? [];
  const kind = KINDS.find((one) => one === word);
  return kind === undefined || route === undefined ? null : { kind, spot: { route, nth: Number(nth) } };
}
