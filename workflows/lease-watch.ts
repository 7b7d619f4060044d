import { isCancellation, sleep } from '@temporalio/workflow';
import type { Surroundings } from '../contract/index.js';
import { run } from './activities.js';
import { problemOf } from './failure.js';
import type { LeaseBook } from './lease-book.js';
import { announce, tell } from './lease-face.js';
import { noteStale, REFUSALS } from './lease-wish.js';
import { iso, now } from './time.js';
import { DEADLINES, LEASE, leaseCall, quickRead, slowFact } from './timing.js';

/**
 * Looks at a held host at a slow pace until something changes or a day has passed: five events however long it takes.
 * Drift is told once, and told again only when it changes; it is never fought in a loop (hazard H19).
 */
export async function watchHost(book: LeaseBook): Promise<void> {
  const { target } = book;
  const confirmed = book.confirmedAt !== null;
  const soon = (book.placedAt ?? now()) + LEASE.unconfirmedFor;
  const often = !confirmed && now() < soon;
  const deadline = often ? soon : now() + LEASE.longestWatch;
  try {
    const seen = await run(
      'watchIsolation',
      slowFact(deadline, now()),
      `Watch ${target.hostname} while it is held`,
      {
        target,
        deadline,
        everyMs: often
          ? Math.min(book.policy.watchEveryMs, LEASE.unconfirmedEvery)
          : book.policy.watchEveryMs,
        confirmed,
        known: book.knownDrift(),
        bootId: book.bootId,
        staleCheckin: book.staleCheckin,
      },
    );
    takeSurroundings(book, seen.surroundings);
    // Neither: the server did not answer, and what was seen before is the latest that is known.
    if (seen.changed || seen.wish !== null) {
      book.fact = seen.fact;
      book.stands = seen.wish === true;
      book.seenAt = seen.at;
      book.nextCheckinAt = seen.nextCheckinAt;
      if (book.wish !== 'refused') book.problem = null;
      if (seen.fact === true) book.bootId = seen.bootId;
    }
    if (!seen.changed) {
      // A worker whose clock runs ahead comes back early: it must not be asked again and again until the deadline.
      const early = deadline - now();
      if (early > 0) await sleep(early, { summary: `Before ${target.hostname} is looked at again` });
      return;
    }
    if (!confirmed && seen.fact === true && seen.wish === true) {
      book.confirmedAt = seen.at;
      book.staleCheckin = null;
      book.log('The sensor says that it is isolated.');
    }
    if (seen.wish === true && book.withdrawn) {
      book.leaveToOthers();
      book.wish = 'foreign';
    }
    await takeDrift(book, seen.drift, seen.lastCheckin ?? null);
  } catch (err) {
    if (isCancellation(err)) throw err;
    const { type, message } = problemOf('watch', err);
    book.problem = { type, message };
    await sleep(book.policy.watchEveryMs, { summary: `Before ${target.hostname} is looked at again` });
  }
}

async function takeDrift(
  book: LeaseBook,
  found: { kind: (typeof book.drift)[number]['kind']; what: string }[],
  lastCheckin: number | null,
): Promise<void> {
  for (const gone of book.drift.filter((d) => !found.some((f) => f.kind === d.kind))) book.driftEnded(gone);
  const fresh = found.filter((f) => !book.drift.some((d) => d.kind === f.kind));
  book.drift = found.map(
    (f) =>
      book.drift.find((d) => d.kind === f.kind) ?? {
        kind: f.kind,
        what: f.what,
        since: iso(now()),
        reasserted: false,
      },
  );
  for (const { kind, what } of fresh) {
    book.log(what);
    if (kind !== 'wish-withdrawn') continue;
    book.withdrawn = true;
    book.withdrawnCheckin = lastCheckin;
  }
  // Told before anything is done about it: what is done may fail.
  for (const { what } of fresh) await announce(book, 'drift', `${book.target.hostname}: ${what}`);
  const withdrawn = fresh.some((f) => f.kind === 'wish-withdrawn');
  if (withdrawn && book.policy.onDrift === 'reassert' && !book.reasserted) await reassert(book);
}

/** A receiver that was set up, or taken away, since the lease started. */
function takeSurroundings(book: LeaseBook, seen: Surroundings | undefined): void {
  if (seen === undefined) return;
  // None: the server did not say.
  const { searchAttributes } = seen.searchAttributes.length > 0 ? seen : book.surroundings;
  book.surroundings = { ...seen, searchAttributes };
}

/** Writes the wish once more; a second withdrawal is a person's will, and told only. */
async function reassert(book: LeaseBook): Promise<void> {
  const { target } = book;
  book.reasserted = true;
  const seen = await run(
    'readWish',
    quickRead,
    `Read the wish of ${target.hostname} (sensor ${target.sensorId})`,
    { target },
  );
  // Put back by a person meanwhile: the next look says whose it is.
  if (seen.wish) return;
  const { ours, before, wish } = book;
  // A write whose answer is lost may have been done, and then it is ours: in the memo too, for an heir.
  book.ours = true;
  book.before = false;
  // Of a hold that was taken meanwhile the loop takes care.
  if (!book.needsPlacing()) book.wish = 'placed';
  book.withdrawn = false;
  book.withdrawnCheckin = null;
  tell(book);
  try {
    const written = await run('writeWish', leaseCall, `Isolate ${target.hostname} again (policy: reassert)`, {
      target,
      groupId: seen.groupId,
      wanted: true,
      deadline: now() + DEADLINES.change,
    });
    noteStale(book, seen, written);
  } catch (err) {
    if (!isCancellation(err) && REFUSALS.has(problemOf('watch', err).type)) {
      book.ours = ours;
      book.before = before;
      if (book.wish === 'placed') book.wish = wish;
      book.withdrawn = true;
    }
    throw err;
  }
  book.stands = true;
  book.confirmedAt = null;
  for (const d of book.drift) if (d.kind === 'wish-withdrawn') d.reasserted = true;
  book.log('The wish was written once more, as the policy says.');
}
