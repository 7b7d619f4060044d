import type { ContainRequest } from '../../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';
import { approve, asking as approvalOf, deny, untilItAsks } from '../../approval/support/approving.js';
import { asking as decisionOf, decide } from '../../leases/support/asking.js';
import { fleet } from '../../workflows/support/hosts.js';
import type { Recorder, Shapes } from '../recorder.js';

/** Runs that wait for a person: for the approval of a plan, or for a decision. */
export const questions: Shapes = {
  options: () => ({ checkinSeconds: 5, checkinPhase: 0.1, scenario: fleet(9) }),
  async record(env, keep) {
    await approved(env, keep, 'approved', 1, { approval: 'before-kill' });
    await approved(env, keep, 'approved-before-all', 2, { approval: 'before-all' });
    await denied(env, keep);
    await expired(env, keep);
    await worldChanged(env, keep);
    // Live Response is refused from here on: what cannot be done is asked about.
    env.simulator.faults.add({
      method: 'POST',
      route: '/api/v1/cblr/session',
      kind: { status: 412, body: 'Live Response is off' },
    });
    await decided(env, keep, 'decided-keep', 6, 'keep');
    await decided(env, keep, 'decided-release', 7, 'release');
    await keep.contained(env, 'nobody-decided', 8, {
      processName: 'evil.exe',
      onFailure: 'ask',
      askTimeout: '30m',
    });
    await keep.contained(env, 'kept-after-a-failure', 9, { processName: 'evil.exe', onFailure: 'keep' });
  },
};

async function approved(
  env: PlaybookTestEnvironment,
  keep: Recorder,
  name: string,
  n: number,
  request: Partial<ContainRequest>,
): Promise<void> {
  const { run, plan } = await approvalOf(env, n, request);
  await approve(env, run, plan.digest);
  await run.outcome();
  await keep.run(env, name, run.workflowId);
}

async function denied(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const { run } = await approvalOf(env, 3);
  await deny(env, run);
  await run.outcome();
  await keep.run(env, 'denied', run.workflowId);
}

async function expired(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const { run } = await approvalOf(env, 4, { approvalTimeout: '30m' });
  await run.outcome();
  await keep.run(env, 'approval-expired', run.workflowId);
}

/** What is approved is not what is there any more: a new plan is shown. */
async function worldChanged(env: PlaybookTestEnvironment, keep: Recorder): Promise<void> {
  const { run, plan } = await approvalOf(env, 5);
  await env.simulator.act.startProcess(5, { path: 'c:\\temp\\evil.exe', binary: 'another' });
  await approve(env, run, plan.digest);
  const second = await untilItAsks(env, run, plan);
  await approve(env, run, second.digest);
  await run.outcome();
  await keep.run(env, 'approved-twice', run.workflowId);
}

async function decided(
  env: PlaybookTestEnvironment,
  keep: Recorder,
  name: string,
  n: number,
  decision: 'keep' | 'release',
): Promise<void> {
  const run = await decisionOf(env, n);
  await decide(run, decision);
  await run.outcome();
  await keep.run(env, name, run.workflowId);
}
