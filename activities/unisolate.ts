import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { LeaseState, UnisolateInput, UnisolateResult } from '../contract/index.js';
import { remember } from './border.js';
import type { Deps } from './deps.js';
import { failure } from './failure.js';
import { readSensor, sameServer } from './frozen.js';
import { asLeaseFailure } from './isolate.js';
import { LeaseClient } from './lease-client.js';
import type { SeenLease } from './lease-seen.js';
import { shortestPause } from './slow-fact.js';
import { temporalNow, waitedMs } from './temporal-time.js';

interface Released {
  /** Whether somebody else had isolated the host before the lease came. */
  foreign: boolean;
}

/**
 * Undo of `isolate`: gives back this run's hold and nothing else, and is done only when the release is confirmed by the
 * sensor, or others still hold. Throws BENIGN while the sensor has not confirmed.
 */
export async function unisolate(
  deps: Deps,
  context: Context,
  input: UnisolateInput,
): Promise<UnisolateResult> {
  const { target, holdId } = input;
  sameServer(deps, target);
  const lease = new LeaseClient(context.client, target);
  let given = (context.info.heartbeatDetails as Released | null | undefined) ?? null;
  let seen: Pick<SeenLease, 'state' | 'running'> | null = given === null ? null : await lease.look();
  const orphaned = seen !== null && !seen.running && seen.state.wish !== 'released';
  if (given === null || seen === null || orphaned || seen.state.holds.some((h) => h.holdId === holdId)) {
    const state = await release(lease, input);
    given = { foreign: state.before === true || given?.foreign === true };
    remember(context, given);
    seen = { state, running: true };
  }
  const { state } = seen;
  const at = await deps.clock.now();
  const others = state.holds.filter((h) => h.holdId !== holdId);
  if (others.length > 0) {
    return {
      outcome: 'left',
      why: `${others.length} more hold it: ${others.map((h) => h.holdId).join(', ')}.`,
      at,
    };
  }
  if (state.wish === 'released')
    return await confirmed(deps, context, input, given.foreign || state.before === true, state);
  const why =
    state.problem === null
      ? 'the sensor has not confirmed yet'
      : `${state.problem.type}: ${state.problem.message}`;
  const left = input.deadline - (await temporalNow(deps, context));
  if (left <= 0) return { outcome: 'failed', why: `Not released by the deadline: ${why}.`, at };
  throw failure('NotYet', `Waiting for ${target.hostname} to be released: ${why}.`, {
    nextRetryDelay: Math.min(everyMs(context, input), left),
    benign: true,
  });
}

/** Looks come often for a minute, then ever less: a release may be refused for a day. */
function everyMs(context: Context, input: UnisolateInput): number {
  const waited = waitedMs(context);
  if (waited >= 2 * 3_600_000) return Math.max(5 * 60_000, input.everyMs);
  return Math.max(500, shortestPause(waited), input.everyMs);
}

async function release(lease: LeaseClient, input: UnisolateInput): Promise<LeaseState> {
  const { holdId, run, reason } = input;
  try {
    return await lease.release({ holdId, who: run.who, reason });
  } catch (err) {
    throw asLeaseFailure(err);
  }
}

/** The lease says it is done; the sensor has the last word. */
async function confirmed(
  deps: Deps,
  context: Context,
  input: UnisolateInput,
  foreign: boolean,
  state: LeaseState,
): Promise<UnisolateResult> {
  const sensor = await readSensor(deps, input.target, context.cancellationSignal).catch((err: unknown) => {
    if (err instanceof ApplicationFailure && err.type === 'TargetChanged') return null;
    throw err;
  });
  if (sensor === null) {
    const why = 'The sensor was deleted or registered anew: our wish went with it.';
    return { outcome: 'left', why, sensorGone: true, at: await deps.clock.now() };
  }
  const at = await deps.clock.now();
  if (!sensor.wish && !sensor.fact) {
    if (state.releasedAt === null) return { outcome: 'nothing-to-undo', why: null, at };
    return { outcome: 'undone', why: null, at };
  }
  const neverOurs = input.wishedBefore && state.placedAt === null && state.releasedAt === null;
  if (foreign || neverOurs) {
    return {
      outcome: 'left',
      why: 'The host was isolated by somebody else, not by this run, and stays so.',
      at,
    };
  }
  return {
    outcome: 'failed',
    why: 'The host is still isolated, and no lease accounts for it: was the lease terminated? Release it by hand.',
    at,
  };
}
