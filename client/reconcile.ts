import { randomUUID } from 'node:crypto';
import { type ReconcileInput, type Reconciliation, WORKFLOW_TYPES } from '../contract/index.js';
import { requireWorker, runOnWorker } from './lookup.js';
import { wordsOf } from './operator-input.js';
import type { Session } from './session.js';

export interface ReconcileOptions {
  /** Take foreign isolations over as this person's own holds; needs `reason`. */
  adopt?: boolean;
  reason?: string;
  who?: string;
  /** Only look; change nothing. */
  dryRun?: boolean;
  signal?: AbortSignal;
  /** Default 30 min: every isolated sensor of the server is looked at. */
  waitMs?: number;
}

const DEFAULT_WAIT_MS = 30 * 60_000;

/**
 * The server's isolated sensors against the leases. What is ours and was ended from outside runs again; a foreign isolation
 * is told, and taken over only with `adopt`.
 */
export async function reconcileLeases(session: Session, o: ReconcileOptions = {}): Promise<Reconciliation> {
  const words =
    o.adopt === true || o.reason !== undefined ? wordsOf({ who: o.who, reason: o.reason ?? '' }) : null;
  const input: ReconcileInput = {
    adopt: o.adopt ?? false,
    dryRun: o.dryRun ?? false,
    who: words?.who ?? o.who ?? null,
    reason: words?.reason ?? null,
  };
  await requireWorker(session, 'Leases and sensors were not compared, and nothing was changed.');
  return await runOnWorker<Reconciliation>(session, {
    type: WORKFLOW_TYPES.reconcile,
    workflowId: `reconcile/${randomUUID()}`,
    args: input,
    summary: `Isolated sensors against leases${input.dryRun ? ' (only looking)' : ''}`,
    what: 'Leases and sensors were not compared in time; the workflow goes on.',
    waitMs: o.waitMs ?? DEFAULT_WAIT_MS,
    signal: o.signal,
  });
}
