/** A point of a run: one step, and whether the worker dies before it acted or when it has acted and nobody was told. */
export interface Point {
  kind: 'http' | 'history';
  /** What it is, without names of hosts and sessions. */
  step: string;
  /** The n-th time that a run takes this step, from 1. */
  n: number;
  when: 'before' | 'after';
}

/** A step that a run takes. */
export type Step = Pick<Point, 'kind' | 'step'>;

/** A step that was begun, with its number. */
export type Begun = Pick<Point, 'kind' | 'step' | 'n'>;

/** How steps are called that are taken once the hold on the lease is settled or given back. */
const SETTLED = ', settled';
const TELLS_LEASE = 'ExecuteMultiOperation, lease';

/** A step that was taken, in an undisturbed run. */
export interface Taken extends Begun {
  /** Epoch ms. */
  at: number;
  /** A task that was handed out: there is no "before", for only Temporal knows of it. */
  handedOut: boolean;
  /** Nothing in it says whose it is. */
  anonymous: boolean;
}

/** A run that stands still at its point. */
export interface Standing {
  arrived: Promise<void>;
  /** Epoch ms; `null` until then. */
  arrivedAt: number | null;
  /** `go`: what stands here goes on; `lose`: it gets no further. */
  end(how: 'go' | 'lose'): void;
  /** Resolves with how it ends; for who holds it up. */
  ended: Promise<'go' | 'lose'>;
}

/** The name of a point as people and `--only` write it. */
export function nameOf({ kind, step, n, when }: Point): string {
  const words = step
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `${kind}.${words}.${n}.${when}`;
}

/** All steps of the runs of one stage: counted, written down, and held up where one was asked for. */
export class Steps {
  private readonly counts = new Map<string, number>();
  private readonly settled = new Set<number>();
  private readonly taken = new Map<number, Taken[]>();
  private readonly stops = new Map<number, { point: Point; standing: Standing; arrive: () => void }>();
  /** The one host that moves: steps that do not say whose they are are its. */
  moving: number | null = null;

  /** Holds the run of a host up at a point. */
  stopAt(host: number, point: Point): Standing {
    let arrive!: () => void;
    let end!: (how: 'go' | 'lose') => void;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const ended = new Promise<'go' | 'lose'>((resolve) => (end = resolve));
    const standing: Standing = { arrived, arrivedAt: null, end, ended };
    this.stops.set(host, { point, standing, arrive });
    return standing;
  }

  /** Nobody is held up any more. */
  forget(): void {
    this.stops.clear();
  }

  /** Counts a step that begins, anew once the run has given its hold back or settled it: how often it looked before varies. */
  begin(
    host: number,
    { kind, step }: Step,
    how: Partial<Pick<Taken, 'handedOut' | 'anonymous'>> = {},
  ): Begun {
    if (step === TELLS_LEASE && this.counts.has(`${host} ${kind} ${step}`)) this.settled.add(host);
    const name = this.settled.has(host) ? `${step}${SETTLED}` : step;
    const key = `${host} ${kind} ${name}`;
    const n = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, n);
    const begun = { kind, step: name, n };
    const taken = this.taken.get(host) ?? [];
    taken.push({ ...begun, at: Date.now(), handedOut: false, anonymous: false, ...how });
    this.taken.set(host, taken);
    return begun;
  }

  /** Who is to be held up here; `null`: nobody. It arrives once. */
  arrive(host: number, at: Begun, when: Point['when']): Standing | null {
    const stop = this.stops.get(host);
    if (stop === undefined || stop.standing.arrivedAt !== null) return null;
    const { point, standing, arrive } = stop;
    if (point.kind !== at.kind || point.step !== at.step || point.n !== at.n || point.when !== when) {
      return null;
    }
    standing.arrivedAt = Date.now();
    arrive();
    return standing;
  }

  takenBy(host: number): readonly Taken[] {
    return this.taken.get(host) ?? [];
  }
}
