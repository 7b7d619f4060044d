import type { Client, WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { secretInHistory } from './secrets-in-history.js';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

export interface RunId {
  workflowId: string;
  runId: string;
}

/**
 * Every run the namespace knows, open or closed. The time-skipping server has no list by query, only the old lists
 * of open and of closed runs; the dev server has all three.
 */
export async function allRuns(client: Client, namespace: string): Promise<RunId[]> {
  const service = client.connection.workflowService;
  const request = { namespace, maximumPageSize: 1_000, startTimeFilter: {} };
  const answers = [
    await service.listOpenWorkflowExecutions(request),
    await service.listClosedWorkflowExecutions(request),
  ];
  return answers
    .flatMap((answer) => answer.executions ?? [])
    .map(({ execution }) => ({ workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' }));
}

/** So many of them at most, evenly spread. */
export function spread<T>(all: readonly T[], atMost: number): T[] {
  const step = Math.max(1, all.length / atMost);
  return all.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

/**
 * The SDK replays in the calling thread and leaves its promise hooks there: whatever that process does afterwards is
 * slower by a tenth. The typed options do not name it.
 */
const IN_A_THREAD = { debugMode: false };

/** A run's history, once it was looked through for secrets. */
export interface KeptHistory {
  workflowId: string;
  history: History;
}

/** Reads these runs' histories; throws, naming each run, where one of `secrets` stands in a history. */
export async function historiesOf(
  client: Client,
  runs: readonly RunId[],
  secrets: readonly string[] = [],
): Promise<KeptHistory[]> {
  const histories: KeptHistory[] = [];
  const faults: string[] = [];
  for (const { workflowId, runId } of runs) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.push({ workflowId, history });
    const secret = secretInHistory(history, secrets);
    if (secret !== null) faults.push(`${workflowId} holds a secret (${secret})`);
  }
  failWith(faults);
  return histories;
}

/** Replays histories with the given bundle; throws, naming each run, where the workflow code would not do again what it did. */
export async function replayHistories(histories: readonly KeptHistory[], codePath: string): Promise<void> {
  const faults: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { codePath }, ...IN_A_THREAD },
    histories,
  )) {
    if (error) faults.push(`${workflowId}: ${error.message}`);
  }
  failWith(faults);
}

function failWith(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`These runs do not replay, or hold a secret:\n${faults.join('\n')}`);
}

/** Reads and replays these runs' histories. Returns how many were replayed. */
export async function replayRuns(
  client: Client,
  runs: readonly RunId[],
  codePath: string,
  secrets: readonly string[] = [],
): Promise<number> {
  const histories = await historiesOf(client, runs, secrets);
  await replayHistories(histories, codePath);
  return histories.length;
}
