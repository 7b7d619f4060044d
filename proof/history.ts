import type { Client } from '@temporalio/client';

/** What one workflow has left behind at the server. */
export interface WorkflowHistory {
  /** One continued as the next. */
  runs: number;
  /** Of all runs together. */
  events: number;
  activities: number;
  /** In protobuf, as it is stored. */
  bytes: number;
  /** Events of its longest run: what a worker that lost it from its cache reads at most. */
  longestRun: number;
}

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/** Of the workflow's last run and of those that it continues. */
export async function historyOf(client: Client, workflowId: string): Promise<WorkflowHistory> {
  const found: WorkflowHistory = { runs: 0, events: 0, activities: 0, bytes: 0, longestRun: 0 };
  for (let runId: string | undefined = undefined; ;) {
    const history: History = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const events = history.events ?? [];
    found.runs += 1;
    found.events += events.length;
    found.activities += events.filter((e) => e.activityTaskScheduledEventAttributes != null).length;
    found.bytes += bytesOf(history);
    found.longestRun = Math.max(found.longestRun, events.length);
    runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    if (runId === undefined) return found;
  }
}

/** By the message's own class: the SDK exports it from a package that is no dependency of ours. */
function bytesOf(history: History): number {
  const type = history.constructor as unknown as {
    encode(message: History): { finish(): Uint8Array };
  };
  return type.encode(history).finish().length;
}
