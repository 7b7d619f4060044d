import type { Context } from '@temporalio/activity';
import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import {
  MEMO_KEYS,
  type Receipt,
  RECEIPT_SCHEMA,
  type ResolveResult,
  WORKFLOW_TYPES,
} from '../contract/index.js';
import { failure } from './failure.js';
import { isOpen } from './is-run-open.js';

/** The host is found among the first events, however long the run was; joins that came at once may be before it. */
const FIRST_EVENTS = 250;

/** What a closed containment left of itself in Temporal. */
export interface ClosedRun {
  workflowId: string;
  runId: string;
  /** `null` where it was terminated or timed out. */
  receipt: Receipt | null;
  /** What it found when it began, as its history says; `null` where it did not come so far. */
  resolved: ResolveResult | null;
  closedAt: number | null;
}

/**
 * One closed run of a containment, the latest of its id where none is named.
 * @throws ApplicationFailure `NoSuchRun`, or `StillRunning`: a run that goes on undoes its own work when it is cancelled
 */
export async function readClosedRun(
  context: Context,
  input: { workflowId: string; runId: string | null },
): Promise<ClosedRun> {
  const described = await describe(context, input);
  const { workflowId, runId, memo, closeTime } = described;
  if (isOpen(described.status.name)) {
    throw failure(
      'StillRunning',
      `${workflowId} is still running: cancel it, and it undoes its own work (cb-playbook cancel ${workflowId} --release).`,
    );
  }
  const left = memo?.[MEMO_KEYS.receipt] as Receipt | undefined;
  return {
    workflowId,
    runId,
    receipt: left?.schema === RECEIPT_SCHEMA ? left : null,
    resolved: await resolvedBy(context, { workflowId, runId }),
    closedAt: closeTime?.getTime() ?? null,
  };
}

async function describe(
  context: Context,
  { workflowId, runId }: { workflowId: string; runId: string | null },
): Promise<WorkflowExecutionDescription> {
  const which = runId === null ? workflowId : `${workflowId} (run ${runId})`;
  try {
    const handle = context.client.workflow.getHandle(workflowId, runId ?? undefined);
    const described = await handle.describe();
    if (described.type === WORKFLOW_TYPES.containEndpoint) return described;
    throw failure('NoSuchRun', `${which} is a workflow of type ${described.type}, no containment.`);
  } catch (err) {
    if (!(err instanceof WorkflowNotFoundError)) throw err;
    throw failure('NoSuchRun', `There is no run ${which}.`);
  }
}

/** Result of the run's first step, from its history: a run that was terminated has left nothing else. */
async function resolvedBy(
  { client }: Context,
  execution: { workflowId: string; runId: string },
): Promise<ResolveResult | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution,
    maximumPageSize: FIRST_EVENTS,
  });
  const events = history?.events ?? [];
  const asked = events.find(
    (e) => e.activityTaskScheduledEventAttributes?.activityType?.name === 'resolve',
  )?.eventId;
  const payloads = events
    .map((e) => e.activityTaskCompletedEventAttributes)
    .find((done) => done?.scheduledEventId?.toString() === asked?.toString())?.result?.payloads;
  if (asked == null || !payloads) return null;
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let decoded = payloads;
  for (const codec of [...payloadCodecs].reverse()) decoded = await codec.decode(decoded);
  const [first] = decoded;
  return first === undefined ? null : payloadConverter.fromPayload<ResolveResult>(first);
}
