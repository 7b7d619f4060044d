import { CancellationScope } from '@temporalio/workflow';
import type { UndoReport } from '../contract/index.js';
import { problemOf } from './failure.js';
import { now, iso } from './time.js';

export type UndoOutcome = {
  outcome: UndoReport['outcome'] | 'nothing-to-undo';
  why: string | null;
  at: number;
};

interface Entry {
  key: string;
  change: UndoReport['change'];
  target: string;
  undo: () => Promise<UndoOutcome>;
}

/**
 * Undo of this run's own changes: registered before a change is attempted (hazard H21), last in first out, in a scope
 * that no cancel reaches. What could not be undone is reported, never swallowed.
 */
export class UndoStack {
  private readonly entries: Entry[] = [];

  /** Call before the change. `key` names it for {@link drop}. */
  push(entry: Entry): void {
    this.entries.push(entry);
  }

  /** The change turned out to be none of ours: it was there before, or the server refused it. */
  drop(key: string): void {
    const at = this.entries.findIndex((e) => e.key === key);
    if (at >= 0) this.entries.splice(at, 1);
  }

  has(key: string): boolean {
    return this.entries.some((entry) => entry.key === key);
  }

  get size(): number {
    return this.entries.length;
  }

  async unwind(): Promise<UndoReport[]> {
    const reports: UndoReport[] = [];
    await CancellationScope.nonCancellable(async () => {
      // Begun last in first out, and side by side: a ban that cannot be lifted for a day must not keep the host cut off.
      const begun = this.entries.splice(0).reverse();
      const results = await Promise.all(begun.map(attempt));
      for (const [i, entry] of begun.entries()) {
        const result = results[i] as UndoOutcome;
        if (result.outcome === 'nothing-to-undo') continue;
        reports.push({
          change: entry.change,
          target: entry.target,
          outcome: result.outcome,
          why: result.why,
          at: iso(result.at),
        });
      }
    });
    return reports;
  }
}

async function attempt(entry: Entry): Promise<UndoOutcome> {
  try {
    return await entry.undo();
  } catch (err) {
    const problem = problemOf('undo', err);
    return { outcome: 'failed', why: `${problem.type}: ${problem.message}`, at: now() };
  }
}
