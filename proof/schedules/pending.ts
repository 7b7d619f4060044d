import type { WorkflowHandle } from '@temporalio/client';

const SCHEDULED = 1;

export interface Pending {
  activities: { name: string; state: number; attempt: number }[];
  /** A workflow task is under way, or due. */
  busy: boolean;
}

/** What a run waits for, as the server says; `null` where it does not run. */
export async function pendingOf(handle: WorkflowHandle): Promise<Pending | null> {
  const described = await handle.describe().catch(() => null);
  if (described === null || described.status.name !== 'RUNNING') return null;
  const { pendingActivities, pendingWorkflowTask } = described.raw;
  return {
    activities: (pendingActivities ?? []).map(({ activityType, state, attempt }) => ({
      name: activityType?.name ?? '',
      state: Number(state),
      attempt: attempt ?? 0,
    })),
    busy: pendingWorkflowTask != null,
  };
}

/** These are cancelled without waiting for their word. */
const SLOW_FACTS: ReadonlySet<string> = new Set(['awaitIsolation', 'awaitOnline', 'awaitHash']);

/** Whether an activity whose end a cancel would wait for has failed and waits for its next try. */
export async function waitsForATry(handle: WorkflowHandle): Promise<boolean> {
  const pending = await pendingOf(handle);
  return (pending?.activities ?? []).some((one) => isBetweenTries(one) && !SLOW_FACTS.has(one.name));
}

/** It has failed, and nobody works on it until its next try. */
export function isBetweenTries({ state, attempt }: Pending['activities'][number]): boolean {
  return state === SCHEDULED && attempt > 1;
}
