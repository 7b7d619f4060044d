import type { Client, WorkflowHandle } from '@temporalio/client';

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;
type Event = Events[number];

/** gRPC */
const NOT_FOUND = 5;

/** What begins a moment: all else is written in the same transaction as what stands before it. */
const BEGINS = new Set([
  'workflowExecutionStarted',
  'workflowExecutionSignaled',
  'workflowExecutionCancelRequested',
  'workflowTaskStarted',
  'workflowTaskCompleted',
  'workflowTaskTimedOut',
  'workflowTaskFailed',
  'activityTaskStarted',
  'timerFired',
]);

/**
 * The moments of a history, each named after what it begins with and the how manieth of that name it is. Events of one
 * transaction are one moment: a kill cannot come between them.
 */
export function momentsOf(events: Events, after = 0): string[] {
  const groups: Event[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last === undefined || BEGINS.has(kindOf(event))) groups.push([event]);
    else last.push(event);
  }
  mergeUpdates(groups);
  const counts = new Map<string, number>();
  const wanted = groups.filter(([first]) => after === 0 || timeOf(first as Event) >= after);
  return wanted.map((group) => {
    const name = nameOf(group, events);
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    return `${name} #${n}`;
  });
}

/** The task of an update is written only once it is done: that it was handed out is no moment of the history. */
function mergeUpdates(groups: Event[][]): void {
  for (let i = groups.length - 1; i >= 2; i -= 1) {
    const [before, started, completed] = [groups[i - 2], groups[i - 1], groups[i]] as [
      Event[],
      Event[],
      Event[],
    ];
    const isUpdate = completed.some((e) => kindOf(e) === 'workflowExecutionUpdateAccepted');
    const scheduled = before.at(-1) as Event;
    const byItself =
      kindOf(scheduled) === 'workflowTaskScheduled' && kindOf(before[0] as Event) === 'workflowTaskCompleted';
    if (!isUpdate || !byItself || kindOf(started[0] as Event) !== 'workflowTaskStarted') continue;
    before.pop();
    groups.splice(i - 1, 2, [...completed]);
    i -= 1;
  }
}

function timeOf({ eventTime }: Event): number {
  return Number(eventTime?.seconds ?? 0) * 1_000 + Number(eventTime?.nanos ?? 0) / 1e6;
}

function nameOf(group: Event[], all: Events): string {
  const first = group[0] as Event;
  const kind = kindOf(first);
  if (kind !== 'activityTaskStarted') return kind;
  const scheduledId = String(first.activityTaskStartedEventAttributes?.scheduledEventId);
  const scheduled = all.find((e) => String(e.eventId) === scheduledId);
  const ended = group[1] === undefined ? kind : kindOf(group[1]);
  return `${ended} of ${scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? '?'}`;
}

/** `workflowTaskStarted` and the like, by the one set of attributes that an event has. */
function kindOf(event: Event): string {
  for (const [key, value] of Object.entries(event)) {
    if (key.endsWith('EventAttributes') && value) return key.slice(0, -'EventAttributes'.length);
  }
  return 'unknown';
}

/** All moments of a run, or those after a time (epoch ms); none where it was never started. */
export async function momentsIn(client: Client, workflowId: string, after = 0): Promise<string[]> {
  try {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    return momentsOf(events ?? [], after);
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return [];
    throw error;
  }
}

/** Where a run is that has not ended: what it waits for, and the last moment of its history. */
export async function standsAt(client: Client, workflowId: string): Promise<string> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const waits = (raw.pendingActivities ?? []).map((pending) => {
    const last = pending.lastFailure?.message ?? 'none';
    return `${pending.activityType?.name}, attempt ${pending.attempt}, last failure: ${last}`;
  });
  const moment = (await momentsIn(client, workflowId)).at(-1) ?? 'nothing';
  return `${workflowId} stands at ${moment}, waits for [${waits.join('; ')}]`;
}
