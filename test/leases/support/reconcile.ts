import { randomUUID } from 'node:crypto';
import {
  type HostOverview,
  type LookupInput,
  type ReconcileInput,
  type Reconciliation,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';

/** `cb-playbook leases --reconcile`, as its workflow answers. */
export async function reconciled(
  env: PlaybookTestEnvironment,
  input: Partial<ReconcileInput>,
): Promise<Reconciliation> {
  const asked: ReconcileInput = { adopt: false, dryRun: false, who: null, reason: null, ...input };
  return await shortRun(env, WORKFLOW_TYPES.reconcile, asked);
}

/** What the operator verbs are told of one host. */
export async function lookedUp(env: PlaybookTestEnvironment, input: LookupInput): Promise<HostOverview> {
  return await shortRun(env, WORKFLOW_TYPES.lookup, input);
}

async function shortRun<T>(env: PlaybookTestEnvironment, type: string, input: unknown): Promise<T> {
  const workflowId = `${type}/${randomUUID()}`;
  const options = { taskQueue: TASK_QUEUES.main, workflowId, args: [input] };
  const handle = await env.client.workflow.start(type, options);
  return await env.timePasses(handle.result() as Promise<T>);
}
