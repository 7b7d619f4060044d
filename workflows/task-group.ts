import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * Work that runs side by side, and to which more may be added while it runs. The first that fails cancels the others;
 * all have come back before {@link TaskGroup.idle} is true, so no change is under way when undo begins.
 */
export class TaskGroup {
  private readonly scope = new CancellationScope();
  private running = 0;
  private firstError: { err: unknown } | null = null;

  add(work: () => Promise<void>): void {
    this.running += 1;
    void this.scope
      .run(work)
      .catch((err: unknown) => {
        this.firstError ??= { err };
        this.scope.cancel();
      })
      .finally(() => {
        this.running -= 1;
      });
  }

  get idle(): boolean {
    return this.running === 0;
  }

  get failed(): boolean {
    return this.firstError !== null;
  }

  /** Waits, whatever is cancelled, until all work has come back or `wake` says there is more to add. */
  async settle(wake: () => boolean): Promise<void> {
    await CancellationScope.nonCancellable(() => condition(() => this.idle || (!this.failed && wake())));
    if (this.idle && this.firstError !== null) throw this.firstError.err;
  }
}
