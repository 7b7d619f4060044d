import { type DriftKind, formatDuration } from '../contract/index.js';
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
  const holders = [...book.holds.values()].map(
    (h) => `${h.holdId}${h.keptBecause === null ? '' : ` (${h.keptBecause})`}`,
  );
  const drift = book.drift.map((d) => ` ${d.what}`).join('');
  return `Reminder ${book.reminders}: ${book.target.hostname}: ${factWords(book)}, held by ${holders.join(', ')}.${drift}`;
}

/** With any of these nobody knows that the host is isolated, whatever its sensor said once. */
const NOT_ISOLATED: ReadonlySet<DriftKind> = new Set([
  'wish-withdrawn',
  'isolation-lost',
  'sensor-gone',
  'sensor-replaced',
]);

function factWords(book: LeaseBook): string {
  if (book.drift.some((d) => NOT_ISOLATED.has(d.kind))) return 'its isolation does not stand any more';
  if (book.wish === 'refused') {
    return `it cannot be isolated (${book.problem?.message ?? 'the server refuses it'})`;
  }
  if (book.confirmedAt === null) return 'its isolation is wished and not confirmed yet';
  return book.placedAt === null
    ? 'it is isolated'
    : `it is isolated for ${formatDuration(now() - book.placedAt)}`;
}
