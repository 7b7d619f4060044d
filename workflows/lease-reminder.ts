import { formatDuration } from '../contract/index.js';
import type { LeaseBook } from './lease-book.js';
import { announce } from './lease-face.js';
import { now } from './time.js';

/** A held host is never forgotten: people are reminded every day (policy), with who holds it and why it still stands. */
export async function remindWhenDue(book: LeaseBook): Promise<void> {
  if (book.holds.size === 0) {
    book.remindAt = null;
    return;
  }
  book.remindAt ??= now() + book.policy.remindEveryMs;
  if (book.remindAt > now()) return;
  book.remindAt = now() + book.policy.remindEveryMs;
  book.reminders += 1;
  const text = reminder(book);
  book.log(text);
  await announce(book, 'reminder', text);
}

function reminder(book: LeaseBook): string {
  const since = book.placedAt === null ? '' : ` for ${formatDuration(now() - book.placedAt)}`;
  const fact =
    book.confirmedAt === null ? 'its isolation is wished and not confirmed yet' : `it is isolated${since}`;
  const holders = [...book.holds.values()].map(
    (h) => `${h.holdId}${h.keptBecause === null ? '' : ` (${h.keptBecause})`}`,
  );
  const drift = book.drift.map((d) => ` ${d.what}`).join('');
  return `Reminder ${book.reminders}: ${book.target.hostname}: ${fact}, held by ${holders.join(', ')}.${drift}`;
}
