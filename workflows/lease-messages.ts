import { setHandler } from '@temporalio/workflow';
import {
  type AcquireArgs,
  DRIFT_POLICIES,
  type ExtendArgs,
  formatDuration,
  type ReleaseArgs,
} from '../contract/index.js';
import { failure } from './failure.js';
import { type LeaseBook, MOST_HOLDS } from './lease-book.js';
import { acquireUpdate, extendUpdate, holdsQuery, releaseUpdate } from './messages.js';
import { now } from './time.js';

const MOST_TEXT = 1_000;
const MOST_ID = 2_000;

/** Handlers that change state and answer; none awaits, or twelve holders on four slots would wait for each other. */
export function handleMessages(book: LeaseBook): void {
  setHandler(acquireUpdate, (args) => book.acquire(args), {
    description:
      'Take a hold on the isolation of this sensor: {holdId, validUntil, leaseMs?, who?, reason?}.',
    validator: (args: AcquireArgs) => {
      requireOpen(book);
      requireHoldId(args);
      requireDuration(book, args.leaseMs);
      if (!Number.isFinite(args.validUntil))
        throw failure('InvalidRequest', 'validUntil: milliseconds since 1970.');
      if (args.validUntil <= now()) throw failure('HoldExpired', 'This acquire came after its validUntil.');
      requireTarget(book, args);
      if (book.tombstones.has(args.holdId))
        throw failure('HoldExpired', 'This hold was given back before it came.');
      requireRoom(book, args.holdId);
      if (args.onDrift !== undefined && !(DRIFT_POLICIES as readonly unknown[]).includes(args.onDrift)) {
        throw failure('InvalidRequest', `onDrift: one of ${DRIFT_POLICIES.join(', ')}.`);
      }
    },
  });
  setHandler(releaseUpdate, (args) => book.release(args), {
    description:
      'Give a hold back: {holdId, who?, reason?}. The host is released when the last hold is gone.',
    validator: (args: ReleaseArgs) => {
      requireOpen(book);
      requireHoldId(args);
    },
  });
  setHandler(extendUpdate, (args) => book.extend(args), {
    description: 'Set the end of a hold, counted from now: {holdId, leaseMs (null: until released), who?}.',
    validator: (args: ExtendArgs) => {
      requireOpen(book);
      requireHoldId(args);
      if (!book.holds.has(args.holdId)) throw failure('HoldExpired', `There is no hold ${args.holdId}.`);
      if (args.leaseMs === undefined)
        throw failure('InvalidRequest', 'leaseMs: milliseconds above 0, or null.');
      requireDuration(book, args.leaseMs);
    },
  });
  setHandler(holdsQuery, () => book.state(), {
    description: 'Who holds this lease, and what is known of the wish.',
  });
}

/**
 * Two fleets in one namespace must never share a lease: sensor 7 of one is another host than sensor 7 of the other. Nor is a
 * lease ever about another sensor than the one it is named after.
 */
function requireTarget(book: LeaseBook, { target }: AcquireArgs): void {
  if (target === undefined) return;
  if (!isTarget(target)) {
    throw failure(
      'InvalidRequest',
      'target: {server, sensorId, hostname, registration, groupId, osType}, or left out.',
    );
  }
  const { server, sensorId } = book.target;
  if (target.server !== server) {
    throw failure('WrongServer', `This lease is about ${server}, and the hold is for ${target.server}.`);
  }
  if (target.sensorId !== sensorId) {
    throw failure(
      'InvalidRequest',
      `target: this lease is about sensor ${sensorId}, and the hold is for sensor ${target.sensorId}.`,
    );
  }
}

function isTarget(target: unknown): boolean {
  if (typeof target !== 'object' || target === null) return false;
  const { server, sensorId, hostname, registration, groupId, osType } = target as Record<string, unknown>;
  const texts = [server, hostname, osType, registration ?? ''];
  const numbers = [sensorId, groupId];
  return texts.every((t) => typeof t === 'string') && numbers.every((n) => Number.isSafeInteger(n));
}

function requireRoom(book: LeaseBook, holdId: string): void {
  if (book.holds.size < MOST_HOLDS || book.holds.has(holdId)) return;
  throw failure(
    'InvalidRequest',
    `This lease has ${MOST_HOLDS} holds, and takes no more: release those that nobody needs any more.`,
  );
}

function requireOpen(book: LeaseBook): void {
  if (book.closing)
    throw failure('LeaseClosing', 'This lease is about to close. Try again: a new one starts.');
}

function requireHoldId(args: unknown): void {
  const { holdId, who, reason } = (args ?? {}) as { holdId?: unknown; who?: unknown; reason?: unknown };
  for (const text of [who, reason]) {
    if (text == null || (typeof text === 'string' && text.length <= MOST_TEXT)) continue;
    throw failure('InvalidRequest', `who, reason: texts of at most ${MOST_TEXT} characters.`);
  }
  if (typeof holdId !== 'string' || holdId === '' || holdId.length > MOST_ID) {
    throw failure('InvalidRequest', 'holdId: a text, the name of one hold.');
  }
}

function requireDuration(book: LeaseBook, leaseMs: unknown): void {
  if (leaseMs === undefined || leaseMs === null) return;
  if (typeof leaseMs !== 'number' || !(leaseMs > 0)) {
    throw failure('InvalidRequest', 'leaseMs: milliseconds above 0, or null for "until released".');
  }
  const longest = book.policy.longestMs;
  if (leaseMs > longest) {
    throw failure('InvalidRequest', `leaseMs: the policy allows at most ${formatDuration(longest)}.`);
  }
}
