import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WorkflowHandle, WithStartWorkflowOperation } from '@temporalio/client';
import { targetOf } from '../../../activities/resolve.js';
import {
  type AcquireArgs,
  type FrozenTarget,
  leaseId,
  type LeasePolicy,
  type LeaseState,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';

/** Long enough for a call of a test, on a clock that runs ahead by what the activities have slept. */
const VALID_MS = 60 * 60_000;

export async function targetOn(env: PlaybookTestEnvironment, sensorId: number): Promise<FrozenTarget> {
  const sensor = await env.cb.sensors.get(sensorId);
  assert.ok(sensor, `sensor ${sensorId} is in the scenario`);
  return targetOf(sensor, env.cb.serverName);
}

export function leaseHandle(env: PlaybookTestEnvironment, sensorId: number): WorkflowHandle {
  return env.client.workflow.getHandle(leaseId(sensorId));
}

/** What the lease's last run says of itself. */
export async function leaseOf(env: PlaybookTestEnvironment, sensorId: number): Promise<LeaseState> {
  return await leaseHandle(env, sensorId).query<LeaseState>('holds');
}

export async function leaseStatus(env: PlaybookTestEnvironment, sensorId: number): Promise<string> {
  return (await leaseHandle(env, sensorId).describe()).status.name;
}

/** A hold that a person takes, `person/<who>` unless another id is given; `policy` is that of a lease that starts by it. */
export async function personHolds(
  env: PlaybookTestEnvironment,
  sensorId: number,
  who: string,
  more: Partial<AcquireArgs> = {},
  policy: Partial<LeasePolicy> = {},
): Promise<LeaseState> {
  const target = await targetOn(env, sensorId);
  const args: AcquireArgs = {
    holdId: `person/${who}`,
    who,
    validUntil: (await env.clock.now()) + VALID_MS,
    ...more,
  };
  const acquired = env.client.workflow.executeUpdateWithStart<
    () => Promise<unknown>,
    LeaseState,
    [AcquireArgs]
  >('acquire', {
    args: [args],
    updateId: randomUUID(),
    startWorkflowOperation: new WithStartWorkflowOperation(WORKFLOW_TYPES.isolationLease, {
      workflowId: leaseId(sensorId),
      taskQueue: TASK_QUEUES.main,
      args: [{ target, policy }] as never,
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  return await sent(env, acquired);
}

/**
 * The test server now and then leaves an update lying until the next event of the run, where it came while a workflow
 * task was worked on: time must pass then.
 */
export async function sent<T>(env: PlaybookTestEnvironment, update: Promise<T>): Promise<T> {
  const soon = await Promise.race([update.then(() => true), sleep(500).then(() => false)]);
  return soon ? await update : await env.timePasses(update);
}

/** Gives a hold back, as `cb-playbook release` does. */
export async function giveBack(
  env: PlaybookTestEnvironment,
  sensorId: number,
  holdId: string,
): Promise<void> {
  await sent(
    env,
    leaseHandle(env, sensorId).executeUpdate('release', {
      args: [{ holdId, who: 'ben', reason: 'done' }],
    }),
  );
}

/** Gives every hold back and sees the host released: nothing of one test watches on in the next. */
export async function releaseAll(env: PlaybookTestEnvironment, sensorId: number): Promise<void> {
  for (const { holdId } of (await leaseOf(env, sensorId)).holds) await giveBack(env, sensorId, holdId);
  await env.timePasses(leaseHandle(env, sensorId).result());
}

/** Wish and fact as the server has them. */
export async function wishAndFact(
  env: PlaybookTestEnvironment,
  sensorId: number,
): Promise<[boolean, boolean]> {
  const { sensors } = await env.simulator.state();
  const sensor = sensors.find((s) => s.id === sensorId);
  assert.ok(sensor, `sensor ${sensorId} is in the scenario`);
  return [sensor.wish, sensor.fact];
}

/** Every change of the wish of one sensor, in order: `set by playbook`, `cleared by ana`, … */
export async function wishChanges(env: PlaybookTestEnvironment, sensorId: number): Promise<string[]> {
  const ledger = await env.simulator.ledger();
  return ledger
    .filter((e) => e.sensorId === sensorId && (e.effect === 'wish-set' || e.effect === 'wish-cleared'))
    .map((e) => `${e.effect === 'wish-set' ? 'set' : 'cleared'} by ${e.by ?? 'nobody'}`);
}

/** What the lease has written down of itself. */
export async function saidBy(env: PlaybookTestEnvironment, sensorId: number): Promise<string[]> {
  return (await leaseOf(env, sensorId)).events.map((e) => e.what);
}
