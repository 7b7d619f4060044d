import assert from 'node:assert/strict';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import {
  type ApprovalAnswer,
  type ContainmentStatus,
  type ContainRequest,
  type Plan,
  UPDATES,
} from '../../../contract/index.js';
import type { Containment, PlaybookTestEnvironment } from '../../../testing/index.js';
import { sent } from '../../leases/support/lease.js';
import { hostName } from '../../workflows/support/hosts.js';

export const EVIL = { processName: 'evil.exe' } as const;

export const statusOf = (run: Containment): Promise<ContainmentStatus> =>
  run.handle.query<ContainmentStatus>('status');

/** Until the run shows a plan, another one than `but`; gives that plan. */
export async function untilItAsks(env: PlaybookTestEnvironment, run: Containment, but?: Plan): Promise<Plan> {
  for (let tries = 0; tries < 300; tries += 1) {
    await env.sleep('2s');
    const { approval, step, receipt } = await statusOf(run);
    if (approval !== null && approval.plan.digest !== but?.digest) {
      assert.equal(step, 'approval');
      return approval.plan;
    }
    assert.equal(receipt, null, 'it closed and never asked');
  }
  throw new Error('It never asked.');
}

/** A run on the nth host, up to the moment at which it shows its plan. */
export async function asking(
  env: PlaybookTestEnvironment,
  n: number,
  more: Partial<ContainRequest> = {},
): Promise<{ run: Containment; plan: Plan }> {
  const run = await env.contain({ hostname: hostName(n), ...EVIL, approval: 'before-kill', ...more });
  return { run, plan: await untilItAsks(env, run) };
}

export function approve(
  env: PlaybookTestEnvironment,
  run: Containment,
  digest: string,
): Promise<ApprovalAnswer> {
  const args: [unknown] = [{ digest, who: 'ben', why: 'ticket 7' }];
  return sent(env, run.handle.executeUpdate<ApprovalAnswer, [unknown]>(UPDATES.approve, { args }));
}

export function deny(env: PlaybookTestEnvironment, run: Containment): Promise<ApprovalAnswer> {
  const args: [unknown] = [{ who: 'ben', why: 'a false alarm' }];
  return sent(env, run.handle.executeUpdate<ApprovalAnswer, [unknown]>(UPDATES.deny, { args }));
}

/** Type and words of the refusal of an update. */
export async function refusal(
  answer: Promise<unknown>,
): Promise<{ type: string | null | undefined; message: string }> {
  const error = await answer.then(
    () => null,
    (err: unknown) => err,
  );
  assert.ok(error instanceof WorkflowUpdateFailedError, 'the update is refused');
  assert.ok(error.cause instanceof ApplicationFailure);
  return { type: error.cause.type, message: error.cause.message };
}
