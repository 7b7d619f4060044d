import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { targetOf } from '../../activities/resolve.js';
import { CbResponse } from '../../cb-response/index.js';
import { NoWorkerError } from '../../client/errors.js';
import { updateLease } from '../../client/lease-run.js';
import { acquireUpdate, extendUpdate } from '../../client/messages.js';
import {
  type FrozenTarget,
  leaseId,
  type LeasePolicy,
  leaseStart,
  type LeaseState,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../../contract/index.js';
import { grpcCode, type Session } from '../../client/session.js';
import type { LeaseStage } from './stage.js';

/** Calls under way at once: as many as a worker has slots for workflow tasks. */
const AT_ONCE = 40;
const HOLD = 'person/bench';
const VALID_MS = 3_600_000;

export async function targetsOn(
  simulator: { url: string; token: string },
  n: number,
): Promise<FrozenTarget[]> {
  const cb = new CbResponse({ url: simulator.url, token: simulator.token });
  try {
    const targets: FrozenTarget[] = [];
    await eachOf(n, async (i) => {
      const sensor = await cb.sensors.get(i + 1);
      if (sensor === null) throw new Error(`There is no sensor ${i + 1}.`);
      targets[i] = targetOf(sensor, cb.serverName);
    });
    return targets;
  } finally {
    cb.close();
  }
}

/** A person's own hold without an end on each of these, as `cb-playbook isolate` takes it; calls that were sent again. */
export async function holdAll(
  { session }: { session: Session },
  targets: readonly FrozenTarget[],
  policy: Partial<LeasePolicy>,
): Promise<number> {
  let again = 0;
  const hold = async (i: number): Promise<unknown> => {
    const { workflowId, input, staticSummary } = leaseStart(targets[i]!, null);
    return await session.client.workflow.executeUpdateWithStart(acquireUpdate, {
      args: [{ holdId: HOLD, who: 'bench', reason: 'bench', validUntil: Date.now() + VALID_MS }],
      updateId: randomUUID(),
      startWorkflowOperation: new WithStartWorkflowOperation(WORKFLOW_TYPES.isolationLease, {
        workflowId,
        taskQueue: TASK_QUEUES.main,
        args: [{ ...input, policy }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary,
      }),
    });
  };
  await eachOf(targets.length, async (i) => {
    for (let times = 1; ; times += 1) {
      try {
        return void (await hold(i));
      } catch (error) {
        // A dev server that is swamped answers "unavailable"; a hold that was taken after all is not taken twice.
        if (grpcCode(error) === null || times === 5) throw error;
        again += 1;
      }
    }
  });
  return again;
}

export interface Ends {
  /** When each hold ends, ms since 1970, by sensor id. */
  ends: Map<number, number>;
  /** Calls that got no answer in the fifteen seconds that the client library waits, and were sent again. */
  unanswered: number;
}

/** Gives each hold an end between `from` and `from + overMs`, evenly. */
export async function endAll(
  { session }: LeaseStage,
  targets: readonly FrozenTarget[],
  from: number,
  overMs: number,
): Promise<Ends> {
  const ends = new Map<number, number>();
  let unanswered = 0;
  await eachOf(targets.length, async (i) => {
    for (;;) {
      const leaseMs = Math.round(from + (i / targets.length) * overMs - Date.now());
      if (leaseMs <= 0) throw new Error('The ends came before all holds had one: too slow a machine.');
      try {
        const state = await updateLease(session, targets[i]!, extendUpdate, { holdId: HOLD, leaseMs });
        ends.set(targets[i]!.sensorId, Date.parse(state.holds[0]?.until ?? ''));
        return;
      } catch (error) {
        // Such a call may still be carried out; the next one sets the same end anew.
        if (!(error instanceof NoWorkerError)) throw error;
        unanswered += 1;
      }
    }
  });
  return { ends, unanswered };
}

export async function stateOf({ session }: LeaseStage, sensorId: number): Promise<LeaseState> {
  return await session.client.workflow.getHandle(leaseId(sensorId)).query<LeaseState>('holds');
}

async function eachOf(n: number, run: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < n; i = next++) await run(i);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, n) }, lane));
}
