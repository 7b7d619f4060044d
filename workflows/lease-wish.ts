import { condition, isCancellation } from '@temporalio/workflow';
import type { WishReading, WishState } from '../contract/index.js';
import { run } from './activities.js';
import { problemOf, WISH_REFUSED } from './failure.js';
import { announce, tell } from './lease-face.js';
import type { LeaseBook } from './lease-book.js';
import { now } from './time.js';
import { DEADLINES, LEASE, leaseCall, quickRead, slowFact } from './timing.js';

/** Failures after which the same call would only fail again. */
export const REFUSALS: ReadonlySet<string> = new Set([...WISH_REFUSED, 'WrongServer']);

const HOST_IS_GONE: ReadonlySet<string> = new Set(['TargetChanged', 'NoSuchHost']);

/**
 * Brings the wish to "isolated". What was before is read first and so in history before the first attempt: a retry can
 * never take our own wish for somebody else's.
 */
export async function placeWish(book: LeaseBook): Promise<void> {
  const { target } = book;
  const before = { ours: book.ours, version: book.version };
  let claimed = false;
  try {
    const seen = await run(
      'readWish',
      quickRead,
      `Read the wish of ${target.hostname} (sensor ${target.sensorId})`,
      { target },
    );
    book.surroundings = seen.surroundings;
    book.fact = seen.fact;
    book.stands = seen.wish;
    for (const hold of book.holds.values()) hold.alreadyWished ??= seen.wish;
    if (seen.wish) {
      if (book.withdrawn) book.leaveToOthers();
      book.before ??= !book.ours;
      if (book.wish !== 'placed')
        book.log(book.ours ? 'The wish stands.' : 'The host was isolated by somebody else already.');
      book.wish = book.ours ? 'placed' : 'foreign';
      book.placedAt ??= seen.at;
    } else {
      book.before = false;
      // From here on a wish that stands may be ours, whatever becomes of the call: in the memo too, for an heir.
      book.ours = true;
      claimed = true;
      book.withdrawn = false;
      book.withdrawnCheckin = null;
      book.placedCheckin ??= seen.lastCheckin ?? null;
      tell(book);
      const written = await run(
        'writeWish',
        leaseCall,
        `Isolate ${target.hostname} (sensor ${target.sensorId})`,
        {
          target,
          groupId: seen.groupId,
          wanted: true,
          deadline: now() + DEADLINES.change,
        },
      );
      book.stands = written.wish;
      book.wish = written.wish ? 'placed' : 'placing';
      book.placedAt = written.at;
      book.confirmedAt = null;
      noteStale(book, seen, written);
      if (written.wish) book.log('The wish to isolate was written.');
    }
    // Holds that were taken while the wish was written found none before them.
    for (const hold of book.holds.values()) hold.alreadyWished ??= false;
    book.releasedAt = null;
    book.problem = null;
  } catch (err) {
    if (isCancellation(err)) throw err;
    const { type, message } = problemOf('isolate', err);
    book.problem = { type, message };
    if (REFUSALS.has(type)) {
      if (claimed) book.ours = before.ours;
      if (HOST_IS_GONE.has(type)) book.stands = false;
      // Whoever came meanwhile has not been refused yet.
      if (book.version === before.version) book.wish = refusedWish(book);
    }
  }
  if (book.needsPlacing()) {
    await condition(() => book.version !== before.version, LEASE.placeAgain, {
      summary: `Before the wish for ${target.hostname} is tried again`,
    });
  }
}

/** A wish that stood when it was read last is none the worse for what a later holder was refused. */
function refusedWish(book: LeaseBook): WishState {
  if (!book.stands) return 'refused';
  return book.ours ? 'placed' : 'foreign';
}

/** Withdraws the wish where it is ours, and sees the release confirmed by the sensor. */
export async function withdrawWish(book: LeaseBook): Promise<void> {
  const { target } = book;
  if (!book.ours) {
    released(book, null);
    return;
  }
  try {
    book.wish = 'releasing';
    const read = await run(
      'readWish',
      quickRead,
      `Read the wish of ${target.hostname} (sensor ${target.sensorId})`,
      { target },
    );
    book.surroundings = read.surroundings;
    let seen: Omit<typeof read, 'surroundings'> = read;
    if (seen.wish && book.withdrawn) {
      leftToOthers(book);
      return;
    }
    if (seen.wish) {
      seen = await run('writeWish', leaseCall, `Release ${target.hostname} (sensor ${target.sensorId})`, {
        target,
        groupId: seen.groupId,
        wanted: false,
        deadline: now() + DEADLINES.change,
      });
    }
    book.stands = seen.wish;
    book.withdrawn = !seen.wish;
    if (!seen.wish) book.withdrawnCheckin ??= seen.lastCheckin ?? null;
    const staleCheckin = releasedUnheard(book, seen);
    let isConfirmed = staleCheckin === null;
    if (seen.fact || !isConfirmed) {
      tell(book);
      const deadline = now() + LEASE.confirmRelease;
      const fact = await run(
        'awaitRelease',
        slowFact(deadline, now()),
        `Until ${target.hostname} says it is released`,
        {
          target,
          deadline,
          everyMs: LEASE.confirmReleaseEvery,
          staleCheckin,
        },
      );
      seen = {
        ...seen,
        wish: fact.lastSeen.wish ?? seen.wish,
        fact: fact.lastSeen.fact ?? seen.fact,
        at: fact.at,
      };
      isConfirmed = fact.met;
    }
    book.fact = seen.fact || isConfirmed ? seen.fact : null;
    if (book.withdrawn && seen.wish) {
      leftToOthers(book);
    } else if (!seen.wish && !seen.fact && isConfirmed) {
      released(book, seen.at);
      book.problem = null;
      book.log(`${target.hostname} is released; the sensor says so.`);
      await announce(
        book,
        'released',
        `${target.hostname} is released: nobody holds it any more, and its sensor confirms.`,
      );
    } else {
      book.wish = 'release-pending';
      await restBeforeRelease(book);
    }
  } catch (err) {
    if (isCancellation(err)) throw err;
    const { type, message } = problemOf('release', err);
    book.problem = { type, message };
    book.wish = 'release-pending';
    if (HOST_IS_GONE.has(type)) released(book, null);
    else await restBeforeRelease(book);
  }
}

type Reading = Pick<WishReading, 'fact' | 'lastCheckin'>;

/**
 * Where the sensor said "isolated" while no wish stood, a release was under way, or done and not reported: only what it says
 * at a later check-in is about our wish.
 */
export function noteStale(book: LeaseBook, before: Reading, written: Reading): void {
  if (!before.fact || written.lastCheckin === undefined) return;
  book.staleCheckin = written.lastCheckin ?? 0;
  book.fact = null;
}

/**
 * The check-in after which "not isolated" counts, `null` where it counts already: a sensor that has checked in since our
 * wish was written may have isolated its host and not reported it yet.
 */
function releasedUnheard(book: LeaseBook, seen: Reading): number | null {
  const { placedCheckin, withdrawnCheckin } = book;
  if (seen.lastCheckin == null || placedCheckin === null || withdrawnCheckin === null) return null;
  if (seen.lastCheckin <= placedCheckin || seen.lastCheckin > withdrawnCheckin) return null;
  return withdrawnCheckin;
}

async function restBeforeRelease(book: LeaseBook): Promise<void> {
  tell(book);
  await condition(() => book.holds.size > 0, LEASE.releaseAgain, {
    summary: `Before the release of ${book.target.hostname} is tried again`,
  });
}

/** The host is isolated, and not by us any more: nothing of ours is left on it. */
function leftToOthers(book: LeaseBook): void {
  book.leaveToOthers();
  released(book, null);
  book.problem = null;
}

function released(book: LeaseBook, at: number | null): void {
  book.wish = 'released';
  book.ours = false;
  book.releasedAt = at;
  book.placedAt = null;
  book.confirmedAt = null;
  book.drift = [];
  book.stands = false;
  book.reasserted = false;
  book.withdrawn = false;
  book.forgetCheckins();
}
