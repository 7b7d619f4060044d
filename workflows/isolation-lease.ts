import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { LeaseInput, LeaseState } from '../contract/index.js';
import { LeaseBook } from './lease-book.js';
import { endDueHolds } from './lease-ends.js';
import { tell } from './lease-face.js';
import { endsOf } from './lease-holds.js';
import { handleMessages } from './lease-messages.js';
import { remindWhenDue } from './lease-reminder.js';
import { watchHost } from './lease-watch.js';
import { placeWish, withdrawWish } from './lease-wish.js';
import { now } from './time.js';

/**
 * A lease that is held for months starts a new run after so many events (five or six days, at the default pace), whatever the
 * server suggests: a worker that lost it from its cache reads little, and what the SDK keeps of every scope that ended
 * (a quarter of a kilobyte an event, until the run ends) stays small. Runs that an older version has taken further: 400.
 */
const LONG_HISTORY = { since: 'lease-starts-anew-sooner-2026-11', events: 120, before: 400 };

/**
 * The only thing that isolates or releases a sensor (id `isolation/<sensorId>`). It stays as long as anybody holds it, or
 * a release is not confirmed, and survives its holders: a terminated containment leaves the lease, and so the host, as is.
 * Cancelling it releases nobody: only `release` and a hold's own end do.
 */
export async function isolationLease(input: LeaseInput): Promise<LeaseState> {
  const { workflowId, runId } = workflowInfo();
  const book = new LeaseBook(workflowId, runId, input);
  handleMessages(book);
  return await CancellationScope.nonCancellable(() => hold(book));
}

async function hold(book: LeaseBook): Promise<LeaseState> {
  const watch = new Background(() => watchHost(book));
  for (;;) {
    const seen = book.version;
    await endDueHolds(book);
    await remindWhenDue(book);
    const held = book.holds.size > 0;
    tell(book);
    if (held && book.needsPlacing()) {
      await watch.stop();
      await interruptible(
        () => book.holds.size === 0,
        () => placeWish(book),
      );
    } else if (!held && book.wish !== 'released') {
      await watch.stop();
      await interruptible(
        () => book.holds.size > 0,
        () => withdrawWish(book),
      );
    } else if (!held && book.tombstones.last() === null) {
      break;
    } else {
      // Refused now, and yet written before: those who held it then are still to be told what becomes of it.
      if (held && (book.wish !== 'refused' || book.placedAt !== null)) watch.start();
      await waitForNext(book, () => book.version !== seen || watch.hasEnded);
    }
    if (book.version === seen && isLong(watch.isIdle)) {
      await watch.stop();
      await condition(allHandlersFinished);
      await continueAsNew<typeof isolationLease>({ target: book.target, carried: book.carried() });
    }
  }
  book.closing = true;
  tell(book);
  await condition(allHandlersFinished);
  return book.state();
}

/** A watch ends once a day by itself: better to wait for that than to break it off, unless the server itself asks. */
function isLong(idle: boolean): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  if (continueAsNewSuggested || !idle) return continueAsNewSuggested;
  const { since, events, before } = LONG_HISTORY;
  return historyLength > before || (historyLength > events && patched(since));
}

/** Until a message, the end of a watch, the next end of a hold, or the next reminder. */
async function waitForNext(book: LeaseBook, changed: () => boolean): Promise<void> {
  const held = book.holds.size > 0;
  const wakes = [endsOf(book.holds.values()).next, held ? book.remindAt : book.tombstones.last()].filter(
    (t) => t !== null,
  );
  if (wakes.length === 0) return await condition(changed);
  const until = Math.min(...wakes);
  await condition(changed, Math.max(1, until - now()), {
    summary: `Until the next end or reminder of ${book.target.hostname}`,
  });
}

/** Work that goes on beside the loop, so that an extension or a second hold need not begin it anew. */
class Background {
  private scope: CancellationScope | null = null;
  private working: Promise<void> = Promise.resolve();
  private failed: { err: unknown } | null = null;
  hasEnded = false;

  constructor(private readonly work: () => Promise<void>) {}

  start(): void {
    this.rethrow();
    if (this.scope !== null && !this.hasEnded) return;
    const scope = new CancellationScope();
    this.scope = scope;
    this.hasEnded = false;
    // What a scope kept of its activities and timers goes with its cancel; nothing of it is left to be cancelled.
    const ended = (): void => {
      this.hasEnded = true;
      scope.cancel();
    };
    this.working = scope.run(this.work).then(
      () => ended(),
      (err: unknown) => {
        ended();
        if (!isCancellation(err)) this.failed = { err };
      },
    );
  }

  get isIdle(): boolean {
    return this.scope === null || this.hasEnded;
  }

  rethrow(): void {
    if (this.failed !== null) throw this.failed.err;
  }

  async stop(): Promise<void> {
    if (this.scope !== null && !this.hasEnded) this.scope.cancel();
    this.scope = null;
    await this.working;
    // Or whoever waits for its end would wait no time at all, over and over.
    this.hasEnded = false;
  }
}

/** Work stops as soon as the reason for it is gone; what it may have done is read back before anything else. */
async function interruptible(gone: () => boolean, work: () => Promise<void>): Promise<void> {
  const task = new Background(work);
  task.start();
  await condition(() => task.hasEnded || gone());
  await task.stop();
  task.rethrow();
}
