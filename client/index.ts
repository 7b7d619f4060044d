/**
 * The library that automation imports: start a containment, follow it, read its receipt.
 * Only `@temporalio/client` is needed beside it; a worker (`cb-playbook worker`) does the work.
 */
export {
  createPlaybookClient,
  type PlaybookClient,
  playbookClientOf,
  type PlaybookClientOptions,
} from './playbook-client.js';
export type { CancelOptions } from './cancel.js';
export type { ConnectOptions } from './connect.js';
export * from './errors.js';
export type { ContainmentHandle } from './handle.js';
export type { StartedRun, StartOptions } from './start.js';
export type { TemporalCheck } from './temporal-check.js';
export type { WaitOptions } from './wait.js';
export {
  checkRequest,
  containmentId,
  type ContainmentStatus,
  type ContainRequest,
  type BanReport,
  type BanScope,
  describeMistakes,
  exitCodeOf,
  type FailurePolicy,
  FAILURES,
  type FailureType,
  formatDuration,
  type Gap,
  GAPS,
  type IsolationReport,
  leaseId,
  type Mistake,
  parseDuration,
  type Problem,
  type ProcessReport,
  type ProcessSelector,
  type Receipt,
  RECEIPT_SCHEMA,
  type Requester,
  type RequestCheck,
  SEARCH_ATTRIBUTES,
  type SessionReport,
  STEPS,
  type Step,
  type Target,
  TASK_QUEUES,
  type UndoReport,
  type Verdict,
  VERDICTS,
  WORKFLOW_TYPES,
} from '../contract/index.js';
