import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { containmentId, hostForm, isHostForm, WORKFLOW_TYPES } from '../contract/index.js';
import { NoSuchRunError } from './errors.js';
import { runIdOf } from './operator-input.js';
import { call, type Session } from './session.js';

/** A run, or the latest run of an id; `null` where there is none. */
export async function describeRun(
  session: Session,
  workflowId: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await call(session, () => session.client.workflow.getHandle(workflowId, runId).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

export function isRunning(run: WorkflowExecutionDescription): boolean {
  return run.status.name === 'RUNNING' || run.status.name === 'PAUSED';
}

/**
 * The run that a person means: the exact workflow id, else the latest containment of that host.
 * @throws {@link NoSuchRunError}, {@link InvalidRequestError} for what can be the name of neither.
 */
export async function findRun(session: Session, idOrHost: string): Promise<WorkflowExecutionDescription> {
  const text = runIdOf(idOrHost);
  const exact = await describeRun(session, text);
  if (exact?.type === WORKFLOW_TYPES.containEndpoint) return exact;
  const byHost = isHostForm(hostForm(text))
    ? await describeRun(session, containmentId({ hostname: text }))
    : null;
  if (byHost?.type === WORKFLOW_TYPES.containEndpoint) return byHost;
  if (exact !== null) {
    throw new NoSuchRunError(`${text} is a workflow of type ${exact.type}, no containment.`);
  }
  throw new NoSuchRunError(
    `There is no run ${JSON.stringify(text)} in the namespace ${session.namespace}${
      isHostForm(hostForm(text)) ? `, and none called ${containmentId({ hostname: text })}` : ''
    }.`,
  );
}
