import { setCurrentDetails, upsertMemo } from '@temporalio/workflow';
import { type EventKind, type LeaseCarried, MEMO_KEYS, SEARCH_ATTRIBUTES } from '../contract/index.js';
import { notify } from './announce.js';
import type { LeaseBook } from './lease-book.js';
import { leaseDetails } from './lease-details.js';
import { showAttributes } from './search-attributes.js';
import { iso, now } from './time.js';

/** What a person may see of the lease without a query: current details, memo (a terminated lease is taken up from it), attributes. */
export function tell(book: LeaseBook): void {
  setCurrentDetails(leaseDetails(book));
  const memo: LeaseCarried = { ...book.carried(), events: [] };
  // What changes with every look would cost an event each time, and is read anew by whoever takes the lease up.
  for (const key of ['fact', 'seenAt', 'nextCheckinAt', 'stands', 'surroundings'] as const) delete memo[key];
  if (book.memoIsNew(JSON.stringify(memo))) upsertMemo({ [MEMO_KEYS.lease]: memo });
  showAttributes(book.shown, book.surroundings.searchAttributes, {
    [SEARCH_ATTRIBUTES.host]: book.target.hostname.toLowerCase(),
    [SEARCH_ATTRIBUTES.sensorId]: book.target.sensorId,
    [SEARCH_ATTRIBUTES.step]: leaseStep(book),
    [SEARCH_ATTRIBUTES.reminders]: book.reminders,
  });
}

/** What `CbStep` of a lease says, the most pressing first. */
function leaseStep(book: LeaseBook): string {
  if (book.drift.length > 0) return 'drift';
  if ([...book.holds.values()].some((h) => h.keptBecause !== null)) return 'kept-past-its-end';
  if (book.wish === 'placed' || book.wish === 'foreign')
    return book.confirmedAt === null ? 'isolation-pending' : 'isolated';
  return book.wish;
}

/** One notification, sent durably by a run of its own: a dead receiver delays and fails nothing here. */
export async function announce(book: LeaseBook, kind: EventKind, text: string): Promise<void> {
  if (book.surroundings.notify === 'none') return;
  const state = book.state();
  await notify({
    schema: 'cb-response-playbook/event/v1',
    kind,
    text,
    at: iso(now()),
    server: book.target.server,
    sensorId: book.target.sensorId,
    hostname: book.target.hostname,
    workflowId: state.leaseId,
    runId: state.runId,
    receipt: null,
    lease: state,
  });
}
