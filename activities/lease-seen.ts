import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import {
  type FrozenTarget,
  isAskedTooSoon,
  type LeaseCarried,
  type LeaseInput,
  type LeaseState,
  leftToHeir,
  MEMO_KEYS,
  QUERIES,
  untilItWasRead,
} from '../contract/index.js';
import { isOpen } from './is-run-open.js';

export interface SeenLease {
  state: LeaseState;
  running: boolean;
  /** What it left to its heir; `null` while it runs, and where it closed by itself. */
  left: LeaseCarried | null;
}

/**
 * What the latest run of a lease knows, and whether it runs; `null` when there never was one. One that was ended while a task
 * of it waited for a worker answers no query any more ({@link isAskedTooSoon}): its memo tells, as it tells its heir.
 */
export async function seeLease(client: Client, id: string): Promise<SeenLease | null> {
  const handle = client.workflow.getHandle(id);
  try {
    const [run, answer] = await Promise.all([handle.describe(), ask(handle).catch(nullIfTooSoon)]);
    const { status, runId, memo } = run;
    const running = isOpen(status.name);
    const left = leftToHeir({ status: status.name, runId, memo });
    if (answer !== null) return { state: answer, running, left };
    const told = memo?.[MEMO_KEYS.lease] as LeaseCarried | undefined;
    if (status.name === 'RUNNING' || told === undefined)
      return { state: await askLease(handle), running, left };
    const target = await targetOfRun(client, { workflowId: id, runId });
    return { state: stateLeft(told, { leaseId: id, runId, target }), running, left };
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return null;
    throw err;
  }
}

/** What a running lease says; asked again where its worker has yet to read it. */
export function askLease(handle: WorkflowHandle): Promise<LeaseState> {
  return untilItWasRead(() => ask(handle), sleep);
}

function ask(handle: WorkflowHandle): Promise<LeaseState> {
  return handle.query<LeaseState>(QUERIES.holds);
}

function nullIfTooSoon(error: unknown): null {
  if (isAskedTooSoon(error)) return null;
  throw error;
}

/** The sensor that a run of a lease was started for: its first event says so, whoever may answer. */
async function targetOfRun(
  client: Client,
  execution: { workflowId: string; runId: string },
): Promise<FrozenTarget> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution,
    maximumPageSize: 1,
  });
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  let input = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  for (const codec of [...payloadCodecs].reverse()) input = await codec.decode(input);
  if (input[0] == null)
    throw new Error(`The history of ${execution.workflowId} does not begin with its input.`);
  return payloadConverter.fromPayload<LeaseInput>(input[0]).target;
}

function stateLeft(left: LeaseCarried, run: Pick<LeaseState, 'leaseId' | 'runId' | 'target'>): LeaseState {
  const { wish, ours, before, placedAt, confirmedAt, releasedAt, staleCheckin, holds, drift } = left;
  const { reminders, events, policy, problem } = left;
  return {
    ...run,
    ...{ wish, ours, before, placedAt, confirmedAt, releasedAt, staleCheckin, holds, drift },
    ...{ reminders, events, policy, problem },
    fact: left.fact ?? null,
    seenAt: left.seenAt ?? null,
    nextCheckinAt: left.nextCheckinAt ?? null,
    pastDrift: left.pastDrift ?? [],
    closing: false,
  };
}
