import { matcher } from './match.js';
import type { Hold, JournalEntry, RequestEvent, RequestMatch } from './types.js';

type Outcome = 'go' | 'cut';

interface Waiting {
  when: 'before' | 'after';
  matches: (entry: JournalEntry) => boolean;
  arrive: (entry: JournalEntry) => void;
  outcome: Promise<Outcome>;
  decide: (outcome: Outcome) => void;
}

/** Requests that wait until told to go on, and listeners that are awaited at each request. */
export class Holds {
  private waiting: Waiting[] = [];
  private readonly deciders = new Set<(outcome: Outcome) => void>();
  private readonly listeners = new Set<(event: RequestEvent) => void | Promise<void>>();

  hold(match: RequestMatch & { when: 'before' | 'after' }): Hold {
    let arrive!: (entry: JournalEntry) => void;
    let settle!: (outcome: Outcome) => void;
    const arrived = new Promise<JournalEntry>((resolve) => (arrive = resolve));
    const outcome = new Promise<Outcome>((resolve) => (settle = resolve));
    const decide = (what: Outcome): void => {
      this.deciders.delete(decide);
      settle(what);
    };
    this.deciders.add(decide);
    const item: Waiting = { when: match.when, matches: matcher(match), arrive, outcome, decide };
    this.waiting.push(item);
    return {
      arrived,
      release: () => {
        this.waiting = this.waiting.filter((other) => other !== item);
        decide('go');
      },
      cut: () => decide('cut'),
    };
  }

  observe(listener: (event: RequestEvent) => void | Promise<void>): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Waits as long as somebody holds this request; says whether it goes on. */
  async pass(phase: 'before' | 'after', entry: JournalEntry): Promise<Outcome> {
    for (const listener of [...this.listeners]) await listener({ phase, entry });
    const matching = this.waiting.filter((item) => item.when === phase && item.matches(entry));
    const first = matching[0];
    if (!first) return 'go';
    this.waiting = this.waiting.filter((item) => item !== first);
    first.arrive(entry);
    return first.outcome;
  }

  /** Nobody waits any longer: held requests are cut. */
  end(): void {
    for (const decide of [...this.deciders]) decide('cut');
    this.waiting = [];
  }
}
