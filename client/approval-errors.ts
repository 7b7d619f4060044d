import { PlaybookError } from './errors.js';

/** The run waits for no approval now, or was answered already. Nothing was changed. */
export class NotWaitingError extends PlaybookError {
  readonly code = 'NotAsking';
  constructor(workflowId: string, why: string) {
    super(
      `${workflowId} has nothing to approve: ${why}`,
      'A run that shows a plan and waits for an answer.',
      `See what it does: cb-playbook status ${workflowId}`,
    );
  }
}

/** The run shows another plan than the one with this digest. Nothing was approved. */
export class StaleDigestError extends PlaybookError {
  readonly code = 'StaleDigest';
  constructor(workflowId: string, why: string) {
    super(
      why,
      'The digest of the plan that is shown now.',
      `Look at it, then approve that one: cb-playbook status ${workflowId}`,
    );
  }
}

/** There is no plan: the run has made none, or nobody asked for one. */
export class NoPlanError extends PlaybookError {
  readonly code = 'NoPlan';
  constructor(workflowId: string) {
    super(
      `${workflowId} has made no plan.`,
      'A dry run, or a containment that waits for approval.',
      'Make one: cb-playbook contain … --dry-run.',
    );
  }
}
