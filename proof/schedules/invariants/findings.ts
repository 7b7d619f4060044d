/** What one invariant has to say of what was seen. */
export class Findings {
  readonly violations: string[] = [];
  /** What is no violation and must not go uncounted: races that nobody can win, what a terminated run left. */
  readonly counts: Record<string, number> = {};

  /** What was held against the promise: none would be a promise that was never put to the test. */
  looked = 0;

  looksAt(n = 1): void {
    this.looked += n;
  }

  violated(what: string): void {
    this.violations.push(what);
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}
