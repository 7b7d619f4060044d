import type { Client } from '@temporalio/client';
import { historyOf, type WorkflowHistory } from '../history.js';

export const BARE_QUEUE = 'bare';

/** What the bare workflow does, so that it leaves what the other one leaves. */
export interface BareInput {
  /** One after the other. */
  activities: number;
  /** Changes of the memo, an event each. */
  upserts: number;
  /** What each activity is given, and gives back. */
  bytes: number;
}

/** About what an event takes without any payload. */
const EVENT_BYTES = 150;

/** What some workflows have left behind together. */
export async function leftBehind(
  client: Client,
  workflowIds: readonly string[],
): Promise<Pick<WorkflowHistory, 'events' | 'activities' | 'bytes'>> {
  const sum = { events: 0, activities: 0, bytes: 0 };
  for (const id of workflowIds) {
    const { events, activities, bytes } = await historyOf(client, id);
    sum.events += events;
    sum.activities += activities;
    sum.bytes += bytes;
  }
  return sum;
}

/** As many activities, as many events, about as many bytes. */
export function bareInput(like: { events: number; activities: number; bytes: number }): BareInput {
  const { activities } = like;
  // An activity takes three events and a workflow task of three; the first task, start and end take five.
  const upserts = Math.max(0, like.events - (6 * activities + 5));
  const bytes = Math.max(0, Math.round((like.bytes - EVENT_BYTES * like.events) / (2 * activities)));
  return { activities, upserts, bytes };
}
