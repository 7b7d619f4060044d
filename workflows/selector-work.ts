import type { NumberedSelector, ProcessSelector } from '../contract/index.js';

/** What is to be looked for on the host: each selector that somebody asked for, and what came of it. */
export class SelectorWork {
  /** Those that `enumerateAndKill` has not taken up yet. */
  readonly pending: NumberedSelector[] = [];
  readonly unmatched = new Set<number>();
  readonly notEnumerated = new Set<number>();
  private count = 0;
  private readonly keys = new Map<number, string>();
  private readonly matchedKeys = new Set<string>();

  add(selector: ProcessSelector, banScope: NumberedSelector['banScope']): void {
    this.count += 1;
    this.keys.set(this.count, JSON.stringify(selector));
    this.pending.push({ n: this.count, selector, banScope });
  }

  /** Selectors that matched nothing, alive or known dead; an equal one that this run saw dead earlier has matched. */
  takeUnmatched(unmatched: readonly number[], matched: readonly number[]): void {
    for (const n of matched) this.matchedKeys.add(this.keys.get(n) ?? '');
    for (const n of unmatched) {
      if (!this.matchedKeys.has(this.keys.get(n) ?? '')) this.unmatched.add(n);
    }
  }

  get isListedInFull(): boolean {
    return this.notEnumerated.size === 0 && this.pending.length === 0;
  }
}
