import type { FrozenTarget } from './target.js';
import { leaseId } from './host-name.js';
import type { LeaseCarried, LeaseInput } from './lease.js';
import { MEMO_KEYS } from './names.js';

/** How a lease is started, by the worker and by the client library alike: the same id, argument and summary. */
export interface LeaseStart {
  workflowId: string;
  input: LeaseInput;
  staticSummary: string;
}

export function leaseStart(target: FrozenTarget, carried: LeaseCarried | null): LeaseStart {
  const { server, sensorId, hostname, registration, groupId, osType } = target;
  const frozen: FrozenTarget = { server, sensorId, hostname, registration, groupId, osType };
  return {
    workflowId: leaseId(sensorId),
    input: carried === null ? { target: frozen } : { target: frozen, carried },
    staticSummary: `Isolation of ${hostname} (sensor ${sensorId})`,
  };
}

/**
 * What the latest run of a lease left to its heir. A run that was terminated, timed out or failed leaves its memo: by it we
 * know our own isolation from somebody else's, and the next run takes its holds over. `null` while it runs, and where it
 * closed by itself: then there is nothing to hand on.
 */
export function leftToHeir(run: {
  status: string;
  runId: string;
  memo?: Record<string, unknown> | undefined;
}): LeaseCarried | null {
  const left = run.memo?.[MEMO_KEYS.lease] as LeaseCarried | undefined;
  if (left === undefined || run.status === 'RUNNING' || run.status === 'PAUSED' || run.status === 'COMPLETED')
    return null;
  return { ...left, inheritedFrom: run.runId };
}
