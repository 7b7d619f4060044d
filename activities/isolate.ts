import type { Context } from '@temporalio/activity';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import {
  FAILURES,
  type FailureType,
  type HostState,
  type IsolateInput,
  type IsolateResult,
  type LeaseState,
  type SettleHoldInput,
} from '../contract/index.js';
import { remember } from './border.js';
import type { Deps } from './deps.js';
import { failure } from './failure.js';
import { readSensor, sameServer } from './frozen.js';
import { LeaseClient } from './lease-client.js';
import { factOf } from './stale-fact.js';
import { requireStillOurs } from './still-ours.js';
import { temporalNow } from './temporal-time.js';

/** A fresh lease places its wish within a blink; so long the activity asks itself before it becomes a slow fact. */
const ASK_EVERY_MS = 50;
/** The first answers come sooner: the Live Response session waits for them. */
const ASK_FIRST_MS = 10;
const FIRST_TIMES = 10;
/** Later ones ever more rarely: where five hundred ask at once, it is their questions that the leases wait for. */
const OF_THE_TIME_ASKED = 0.2;
const ASK_FOR_MS = 5_000;
const ASK_AGAIN_MS = 2_000;

/** What an attempt leaves for the next one: the run of the lease that took the hold. */
interface Progress {
  takenBy: string;
  /** It has asked often and long: from then on one look a try is enough, the server is busy with something else. */
  askedLong?: true;
}

/**
 * Step 3: takes a hold on the lease, and sees the wish placed or refused. Idempotent by hold id. A hold that was taken and
 * is gone was given back by somebody: their word stands, it is not taken anew.
 */
export async function isolate(deps: Deps, context: Context, input: IsolateInput): Promise<IsolateResult> {
  const { target, holdId } = input;
  sameServer(deps, target);
  const lease = new LeaseClient(context.client, target);
  let takenBy = await holdsAlready(context, lease, input);
  if (takenBy === null) {
    await requireStillOurs(deps, context);
    takenBy = (await acquire(deps, context, lease, input)).runId;
  }
  const askedLong = (context.info.heartbeatDetails as Progress | null | undefined)?.askedLong;
  remember(context, { takenBy, askedLong } satisfies Progress);
  let state: LeaseState | null = null;
  for (let asked = 0, askedForMs = 0; asked === 0 || askedForMs < ASK_FOR_MS; asked += 1) {
    const seen = await lease.look();
    state = seen?.state ?? null;
    const hold = state?.holds.find((h) => h.holdId === holdId);
    if (hold === undefined && wasGivenBack(seen, takenBy)) throw givenBack(target.hostname);
    if (seen === null || state === null || !seen.running || hold === undefined) {
      throw failure(
        'ServerUnavailable',
        `The lease of ${target.hostname} was ended from outside; taking the hold anew.`,
      );
    }
    if (state.wish === 'placed' || state.wish === 'foreign') {
      return {
        leaseId: state.leaseId,
        leaseRunId: state.runId,
        foreign: state.wish === 'foreign',
        alreadyWished: hold.alreadyWished === true,
        requestedAt: state.placedAt ?? (await deps.clock.now()),
        staleCheckin: state.staleCheckin ?? null,
      };
    }
    if (state.wish === 'refused') throw leaseProblem(state, target.hostname);
    if (askedLong) break;
    const later = Math.max(ASK_EVERY_MS, Math.round(askedForMs * OF_THE_TIME_ASKED));
    const pause = asked < FIRST_TIMES ? ASK_FIRST_MS : later;
    await deps.clock.sleep(pause, context.cancellationSignal);
    askedForMs += pause;
  }
  remember(context, { takenBy, askedLong: true } satisfies Progress);
  const left = input.deadline - (await temporalNow(deps, context));
  const why =
    state?.problem === null || state === null ? 'not yet' : `${state.problem.type}: ${state.problem.message}`;
  if (left <= 0)
    throw failure('DeadlinePassed', `The wish to isolate ${target.hostname} could not be placed: ${why}.`);
  throw failure('NotYet', `Waiting for the lease to place the wish: ${why}.`, {
    nextRetryDelay: Math.min(ASK_AGAIN_MS, left),
    benign: true,
  });
}

/** The run of the lease on which an earlier attempt's hold stands; throws where somebody gave it back since. */
async function holdsAlready(
  context: Context,
  lease: LeaseClient,
  { target, holdId }: IsolateInput,
): Promise<string | null> {
  if (context.info.attempt <= 1) return null;
  const seen = await lease.look();
  if (seen?.state.holds.some((h) => h.holdId === holdId)) return seen.running ? seen.state.runId : null;
  const left = context.info.heartbeatDetails as Progress | null | undefined;
  if (left != null && wasGivenBack(seen, left.takenBy)) throw givenBack(target.hostname);
  return null;
}

/** A lease that was ended from outside leaves its holds to its heir; one that runs, or closed by itself, let the hold go. */
function wasGivenBack(seen: { state: LeaseState; running: boolean } | null, takenBy: string): boolean {
  return seen !== null && seen.state.runId === takenBy && (seen.running || seen.state.closing);
}

function givenBack(hostname: string): ApplicationFailure {
  return failure('HoldExpired', `Somebody gave this run's hold on ${hostname} back: it is not taken anew.`);
}

async function acquire(
  deps: Deps,
  context: Context,
  lease: LeaseClient,
  input: IsolateInput,
): Promise<LeaseState> {
  if ((await temporalNow(deps, context)) > input.deadline) {
    throw failure('DeadlinePassed', `The time to isolate ${input.target.hostname} has passed.`);
  }
  const { run, holdId, leaseMs, deadline, onDrift } = input;
  try {
    const { workflowId, runId, who, reason } = run;
    return await lease.acquire({
      holdId,
      workflowId,
      runId,
      who,
      reason,
      validUntil: deadline,
      leaseMs,
      onDrift,
    });
  } catch (err) {
    throw asLeaseFailure(err);
  }
}

/** A lease that is about to close refuses, and a new one takes its place a moment later. */
export function asLeaseFailure(err: unknown): unknown {
  if (!(err instanceof WorkflowUpdateFailedError) || !(err.cause instanceof ApplicationFailure)) return err;
  const { type, message } = err.cause;
  if (type === 'LeaseClosing') return failure('NotYet', message, { nextRetryDelay: 200, benign: true });
  return type != null && type in FAILURES ? failure(type as FailureType, message) : err;
}

function leaseProblem(state: LeaseState, hostname: string): ApplicationFailure {
  const { type, message } = state.problem ?? { type: 'Refused', message: `${hostname} cannot be isolated.` };
  return failure(FAILURES[type as FailureType]?.final ? (type as FailureType) : 'Refused', message);
}

/** Tells the lease how the run ended, and from when the hold's end counts. */
export async function settleHold(
  deps: Deps,
  context: Context,
  input: SettleHoldInput,
): Promise<{ expiresAt: number | null }> {
  sameServer(deps, input.target);
  const { holdId, verdict, leaseMs } = input;
  let state: LeaseState | null;
  try {
    state = await new LeaseClient(context.client, input.target).extend({ holdId, leaseMs, verdict });
  } catch (err) {
    throw asLeaseFailure(err);
  }
  const hold = state?.holds.find((h) => h.holdId === holdId);
  if (hold === undefined)
    throw failure('HoldExpired', 'The lease does not run any more: nobody watches this isolation.');
  return { expiresAt: hold.until === null ? null : Date.parse(hold.until) };
}

/** Fact, wish and own hold, read once more before the verdict. */
export async function readHostState(
  deps: Deps,
  context: Context,
  input: { target: IsolateInput['target']; holdId: string | null; staleCheckin?: number | null },
): Promise<HostState> {
  const [sensor, lease] = await Promise.all([
    readSensor(deps, input.target, context.cancellationSignal),
    input.holdId === null ? null : new LeaseClient(context.client, input.target).look(),
  ]);
  const hold = lease?.running ? lease.state.holds.find((h) => h.holdId === input.holdId) : undefined;
  return {
    wish: sensor.wish,
    fact: factOf(sensor, input.staleCheckin),
    holdStands: hold !== undefined,
    expiresAt: hold?.until ? Date.parse(hold.until) : null,
    drift: lease === null ? [] : driftOf(lease.state),
    at: await deps.clock.now(),
  };
}

function driftOf({ drift, pastDrift }: LeaseState): HostState['drift'] {
  return [...pastDrift, ...drift.map((d) => ({ ...d, until: null }))];
}
