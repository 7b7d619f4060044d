import { WORKFLOW_TYPES, TASK_QUEUES, type Mistake } from '../../contract/index.js';
import { outcomeOf, type DevServerEnvironment } from '../../testing/index.js';
import { Draw } from './draw.js';
import { badRequest } from './requests.js';
import type { Finding } from './run-cli.js';

const AT_ONCE = 8;

/** Starts the workflow itself with bad arguments, as another tool would: each run must fail at once, and do nothing. */
export async function runStarts(
  env: DevServerEnvironment,
  o: { seed: number; count: number; only: string | null },
): Promise<{ tried: number; findings: Finding[] }> {
  const names = Array.from({ length: o.count }, (_, n) => ({ n, name: `start-${n}` }));
  const queue = names.filter(({ name }) => o.only === null || o.only === name);
  const tried = queue.length;
  const findings: Finding[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { n, name } = next;
      const { what, request } = badRequest(n, new Draw(o.seed, name));
      const objections = await objectionsToStart(env, name, request);
      if (objections.length > 0)
        findings.push({ name, what, objections, seen: (JSON.stringify(request) ?? '').slice(0, 300) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { tried, findings };
}

async function objectionsToStart(
  env: DevServerEnvironment,
  workflowId: string,
  request: unknown,
): Promise<string[]> {
  const handle = await env.client.workflow.start(WORKFLOW_TYPES.containEndpoint, {
    workflowId,
    taskQueue: TASK_QUEUES.main,
    args: [request],
    // A workflow task that fails is tried again for ever.
    workflowExecutionTimeout: '20s',
  });
  const { closed, type, details, receipt } = await outcomeOf(handle);
  const objections: string[] = [];
  if (closed !== 'failed' || type !== 'InvalidRequest') objections.push(`it closed as ${closed}, ${type}`);
  if (receipt !== null) objections.push('it has a receipt');
  const mistakes = (details[0] ?? []) as Mistake[];
  if (mistakes.length === 0) objections.push('it names no mistake');
  if (mistakes.some((m) => !m.problem || !m.expected)) objections.push('a mistake lacks words');
  return objections;
}
