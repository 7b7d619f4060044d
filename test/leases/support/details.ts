import type { WorkflowHandle } from '@temporalio/client';

/** Current details in Markdown, as Temporal Web asks for them. */
export async function detailsOf(handle: WorkflowHandle): Promise<string> {
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
}
