import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

/** The summary of each activity and timer of a run, in the order of its history; `''` where it has none. */
export async function summariesOf(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    if (event.activityTaskScheduledEventAttributes == null && event.timerStartedEventAttributes == null)
      return [];
    const summary = event.userMetadata?.summary;
    return [summary ? defaultPayloadConverter.fromPayload<string>(summary) : ''];
  });
}

/** Types of the activities a run scheduled, in order. */
export async function activitiesOf(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((e) => e.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
}

/** The attempt that each activity of this type ended with, in the order of the history. */
export async function attemptsOf(handle: WorkflowHandle, type: string): Promise<number[]> {
  const events = (await handle.fetchHistory()).events ?? [];
  const scheduled = new Set(
    events
      .filter((e) => e.activityTaskScheduledEventAttributes?.activityType?.name === type)
      .map((e) => String(e.eventId)),
  );
  return events.flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started != null && scheduled.has(String(started.scheduledEventId)) ? [started.attempt ?? 0] : [],
  );
}
