import type { LeaseBook } from './lease-book.js';
import { iso } from './time.js';

const WORDS: Record<string, string> = {
  placing: 'The wish to isolate is being placed.',
  placed: 'The wish to isolate stands; we wrote it.',
  foreign: 'The host was isolated by somebody else before us; we will not release it.',
  refused: 'The server refuses to isolate the host.',
  releasing: 'The host is being released.',
  released: 'We do not isolate the host.',
  'release-pending': 'The release is not confirmed yet.',
};

/** Current details in Markdown, as Temporal Web shows them. */
export function leaseDetails(book: LeaseBook): string {
  const { hostname, sensorId, server } = book.target;
  const rows = [...book.holds.values()].map(
    (h) =>
      `| \`${h.holdId}\` | ${h.who ?? ''} | ${h.reason ?? ''} | ${h.since} | ${h.keptBecause ?? h.until ?? 'until released'} |`,
  );
  return [
    `### Isolation of ${hostname} (sensor ${sensorId} on ${server})`,
    wishWords(book),
    book.problem === null ? '' : `**${book.problem.type}**: ${book.problem.message}`,
    factWords(book),
    book.drift.map((d) => `- **${d.kind}** since ${d.since}: ${d.what}`).join('\n'),
    rows.length === 0
      ? 'Nobody holds it.'
      : ['| hold | who | why | since | until |', '|---|---|---|---|---|', ...rows].join('\n'),
    book.reminders === 0 ? '' : `People were reminded ${book.reminders} times.`,
    book.events
      .slice(-8)
      .map((e) => `- ${e.at} ${e.what}`)
      .join('\n'),
    'Cancelling this workflow releases nobody: send the update `release` with a `holdId` instead.',
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

function wishWords(book: LeaseBook): string {
  const standing = book.wish === 'placed' || book.wish === 'foreign';
  if (standing && book.knownDrift().includes('wish-withdrawn')) return 'The wish to isolate was withdrawn.';
  return WORDS[book.wish] ?? book.wish;
}

function factWords(book: LeaseBook): string {
  if (book.seenAt === null || book.fact === null) return '';
  const next = book.nextCheckinAt === null ? '' : ` Next check-in expected ${iso(book.nextCheckinAt)}.`;
  return `At ${iso(book.seenAt)} the sensor said: ${book.fact ? 'isolated' : 'not isolated'}.${next}`;
}
