import type { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import {
  type AdmitAnswer,
  type AdmitArgs,
  type AdmitInput,
  type AdmitResult,
  type CountedSensor,
  leaseId,
  leftToHeir,
  pausedWords,
} from '../contract/index.js';
import { atOnce } from './at-once.js';
import { BrakesClient } from './brakes-client.js';
import type { Deps } from './deps.js';
import { sameServer } from './frozen.js';
import { isOpen, isRunOpen } from './is-run-open.js';
import { askLease } from './lease-seen.js';

/** Places that are found free may be taken by another start before this one asks again. */
const ROUNDS = 3;
/** Leases are looked at so many at a time: a fleet of them must not be asked at once. */
const AT_ONCE = 10;

/**
 * Whether one more containment may start. Without limits one look is all it costs: no brakes, or none that are pulled. With
 * limits the brakes count, one start after the other, and who was released meanwhile makes room.
 */
export async function admit(deps: Deps, context: Context, input: AdmitInput): Promise<AdmitResult> {
  const { target, workflowId, runId, isolate, limits, override } = input;
  sameServer(deps, target);
  const brakes = new BrakesClient(context.client);
  if (limits.containmentsPerHour === null && limits.isolatedAtOnce === null) {
    const paused = (await brakes.look())?.paused ?? null;
    if (paused === null) return { admitted: true, type: null, why: null };
    return { admitted: false, type: 'Paused', why: pausedWords(paused) };
  }
  const { sensorId, hostname } = target;
  const ask = (gone: AdmitArgs['gone'], past: boolean): Promise<AdmitAnswer> =>
    brakes.admit({ workflowId, runId, sensorId, hostname, isolate, limits, override: past, gone });
  let answer = await ask([], false);
  for (let round = 1; !answer.admitted && answer.counted.length > 0 && round <= ROUNDS; round += 1) {
    const gone = await released(context, answer.counted);
    if (gone.length === 0) break;
    answer = await ask(gone, false);
  }
  // What is let through past a limit is recorded: first it is seen whether there is room after all.
  if (answer.type === 'LimitReached' && !answer.admitted && override) answer = await ask([], true);
  const { admitted, type, why } = answer;
  return { admitted, type, why };
}

async function released(context: Context, counted: CountedSensor[]): Promise<AdmitArgs['gone']> {
  const seen = await atOnce(AT_ONCE, counted, (sensor) => isReleased(context, sensor));
  const gone = counted.filter((_, i) => seen[i]);
  return gone.map(({ sensorId, admissions }) => ({ sensorId, admissions }));
}

/** Neither does a containment run that would isolate it, nor does a lease hold it or wait for its release. */
async function isReleased(context: Context, { sensorId, runs }: CountedSensor): Promise<boolean> {
  // The runs first: one that ends between the two looks has left its hold by then.
  const open = await Promise.all(runs.map((run) => isRunOpen(context, run)));
  if (open.includes(true)) return false;
  const lease = context.client.workflow.getHandle(leaseId(sensorId));
  try {
    const { status, runId, memo } = await lease.describe();
    if (!isOpen(status.name)) {
      const left = leftToHeir({ status: status.name, runId, memo });
      return left === null || (left.holds.length === 0 && !left.ours);
    }
    const state = await askLease(lease).catch((err: unknown) => unanswered(context, err));
    return state !== null && state.holds.length === 0 && state.wish === 'released';
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return true;
    throw err;
  }
}

/** One lease that cannot tell (its workflow is broken, its worker hangs) must not stop every containment: it keeps its place. */
function unanswered(context: Context, err: unknown): null {
  if (context.cancellationSignal.aborted || err instanceof WorkflowNotFoundError) throw err;
  return null;
}
