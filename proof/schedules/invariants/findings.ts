/** What one invariant has to say of what was seen. */
export class Findings {
  readonly violations: string[] = [];
  /** What is no violation and must not go uncounted: races that nobody can win, what a terminated run left. */
  readonly counts: Record<string, number> = {};

  violated(what: string): void {
    this.violations.push(what);
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}
