import {
  CancellationScope,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type AcquireArgs,
  type ExtendArgs,
  type ReleaseArgs,
  type LeaseInput,
  type LeaseState,
  MEMO_KEYS,
} from '../contract/index.js';
import { failure } from './failure.js';
import { LeaseBook } from './lease-book.js';
import { leaseDetails } from './lease-details.js';
import { endDueHolds } from './lease-ends.js';
import { placeWish, withdrawWish } from './lease-wish.js';
import { acquireUpdate, extendUpdate, holdsQuery, releaseUpdate } from './messages.js';
import { now } from './time.js';

/**
 * The only thing that isolates or releases a sensor (id `isolation/<sensorId>`). It stays as long as anybody holds it, or
 * a release is not confirmed, and survives its holders: a terminated containment leaves the lease, and so the host, as is.
 * Cancelling it releases nobody: only `release` and a hold's own end do.
 */
export async function isolationLease(input: LeaseInput): Promise<LeaseState> {
  const { workflowId, runId } = workflowInfo();
  const book = new LeaseBook(workflowId, runId, input.target, input.carried);
  handleMessages(book);
  return await CancellationScope.nonCancellable(() => hold(book, input));
}

async function hold(book: LeaseBook, input: LeaseInput): Promise<LeaseState> {
  for (;;) {
    const seen = book.version;
    await endDueHolds(book);
    const held = book.holds.size > 0;
    tell(book);
    if (held && book.needsPlacing()) await unlessNobodyHolds(book, () => placeWish(book));
    else if (!held && book.wish !== 'released') await unlessSomebodyHolds(book, () => withdrawWish(book));
    else if (!held && book.lastTombstone() === null) break;
    else await waitForChange(book, seen);
    if (workflowInfo().continueAsNewSuggested && book.version === seen) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof isolationLease>({ target: input.target, carried: book.carried() });
    }
  }
  book.closing = true;
  tell(book);
  await condition(allHandlersFinished);
  return book.state();
}

function handleMessages(book: LeaseBook): void {
  const open = (): void => {
    if (book.closing)
      throw failure('LeaseClosing', 'This lease is about to close. Try again: a new one starts.');
  };
  setHandler(acquireUpdate, (args) => book.acquire(args), {
    description:
      'Take a hold on the isolation of this sensor: {holdId, validUntil, leaseMs?, who?, reason?}.',
    validator: (args: AcquireArgs) => {
      open();
      requireHoldId(args);
      if (typeof args.validUntil !== 'number')
        throw failure('InvalidRequest', 'validUntil: milliseconds since 1970.');
      if (args.validUntil <= now()) throw failure('HoldExpired', 'This acquire came after its validUntil.');
      if (book.isTombstone(args.holdId))
        throw failure('HoldExpired', 'This hold was given back before it came.');
    },
  });
  setHandler(releaseUpdate, (args) => book.release(args), {
    description:
      'Give a hold back: {holdId, who?, reason?}. The host is released when the last hold is gone.',
    validator: (args: ReleaseArgs) => {
      open();
      requireHoldId(args);
    },
  });
  setHandler(extendUpdate, (args) => book.extend(args), {
    description: 'Set the end of a hold, counted from now: {holdId, leaseMs (null: until released), who?}.',
    validator: (args: ExtendArgs) => {
      open();
      requireHoldId(args);
      if (!book.holds.has(args.holdId)) throw failure('HoldExpired', `There is no hold ${args.holdId}.`);
      if (args.leaseMs !== null && !(typeof args.leaseMs === 'number' && args.leaseMs > 0)) {
        throw failure('InvalidRequest', 'leaseMs: milliseconds above 0, or null.');
      }
    },
  });
  setHandler(holdsQuery, () => book.state(), {
    description: 'Who holds this lease, and what is known of the wish.',
  });
}

function requireHoldId(args: unknown): void {
  const holdId = (args as { holdId?: unknown } | null)?.holdId;
  if (typeof holdId !== 'string' || holdId === '')
    throw failure('InvalidRequest', 'holdId: a text, the name of one hold.');
}

/** Work on the wish stops as soon as the reason for it is gone; what it may have done is read back before anything else. */
async function interruptible(book: LeaseBook, gone: () => boolean, work: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope();
  const working = scope.run(work).then(
    () => true,
    (err: unknown) => {
      if (!isCancellation(err)) throw err;
      return true;
    },
  );
  let done = false;
  void working.finally(() => (done = true)).catch(() => undefined);
  await condition(() => done || gone());
  if (!done) scope.cancel();
  await working;
}

const unlessNobodyHolds = (book: LeaseBook, work: () => Promise<void>): Promise<void> =>
  interruptible(book, () => book.holds.size === 0, work);
const unlessSomebodyHolds = (book: LeaseBook, work: () => Promise<void>): Promise<void> =>
  interruptible(book, () => book.holds.size > 0, work);

async function waitForChange(book: LeaseBook, seen: number): Promise<void> {
  const wakes = [book.ends().next, book.holds.size === 0 ? book.lastTombstone() : null].filter(
    (t) => t !== null,
  );
  const changed = (): boolean => book.version !== seen;
  if (wakes.length === 0) return await condition(changed);
  const until = Math.min(...wakes);
  await condition(changed, Math.max(1, until - now()), { summary: 'Until the next end of a hold' });
}

function tell(book: LeaseBook): void {
  setCurrentDetails(leaseDetails(book));
  const memo = { before: book.before, holds: [...book.holds.values()] };
  if (book.memoIsNew(JSON.stringify(memo))) upsertMemo({ [MEMO_KEYS.lease]: memo });
}
