import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { leaseId, type LeaseCarried, type LeaseState, MEMO_KEYS } from '../../contract/index.js';
import type { LeaseSeen } from './seen.js';

/** The latest run of a sensor's lease: what it says while it runs, what it wrote down where it does not. */
export async function leaseSeen(client: Client, sensorId: number): Promise<LeaseSeen> {
  const handle = client.workflow.getHandle(leaseId(sensorId));
  try {
    const { status, memo } = await handle.describe();
    const running = status.name === 'RUNNING';
    const state = running
      ? await handle.query<LeaseState>('holds')
      : ((memo?.[MEMO_KEYS.lease] as LeaseCarried | undefined) ?? null);
    return { sensorId, status: status.name, state };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { sensorId, status: 'NONE', state: null };
    throw error;
  }
}
