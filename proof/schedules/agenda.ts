interface Due {
  at: number;
  work: () => unknown;
}

/** What is to be done at which time, earliest first. */
export class Agenda {
  private due: Due[] = [];

  add(at: number, work: () => unknown): void {
    this.due.push({ at, work });
    this.due.sort((a, b) => a.at - b.at);
  }

  get next(): number | null {
    return this.due[0]?.at ?? null;
  }

  /** Takes out what is due by now. */
  take(now: number): Due[] {
    const taken = this.due.filter(({ at }) => at <= now);
    this.due = this.due.filter(({ at }) => at > now);
    return taken;
  }
}
