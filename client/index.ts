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
export type { PauseOptions, ResumeOptions } from './brakes.js';
export * from './approval-errors.js';
export type { ApproveOptions, DenyOptions } from './approve.js';
export type { CancelOptions } from './cancel.js';
export type { ConnectOptions } from './connect.js';
export type { DecideOptions } from './decide.js';
export * from './errors.js';
export type { ExtendOptions, ExtendResult } from './extend.js';
export * from './guard-errors.js';
export type { GuardMethods } from './guard-methods.js';
export type { ContainmentHandle } from './handle.js';
export type { HeldBy, HostStatus } from './host-types.js';
export type { IsolateOptions, IsolateResult } from './isolate.js';
export * from './lease-errors.js';
export type { Leases } from './leases.js';
export type { LookupOptions } from './lookup.js';
export type { AnsweredRun, OperatorMethods } from './operators.js';
export type { ReconcileOptions } from './reconcile.js';
export type { ReleaseOptions, ReleaseResult } from './release.js';
export type { StartedRun, StartOptions } from './start.js';
export type { TemporalCheck } from './temporal-check.js';
export type { UndoOptions } from './undo.js';
export type { WaitOptions } from './wait.js';
export {
  type BrakesState,
  type Approval,
  type ApprovalAnswer,
  type ApprovalReport,
  checkRequest,
  containmentId,
  type ContainmentStatus,
  type ContainRequest,
  type Decision,
  DECISIONS,
  type Drift,
  type DriftKind,
  type DriftPolicy,
  type BanReport,
  type BanScope,
  describeMistakes,
  exitCodeOf,
  type FailurePolicy,
  FAILURES,
  type FailureType,
  formatDuration,
  type HashJudgement,
  type Hold,
  type HostOverview,
  type LeaseState,
  type ReconcileRow,
  type Reconciliation,
  type WishState,
  type Gap,
  GAPS,
  type IsolationReport,
  leaseId,
  type Mistake,
  parseDuration,
  type PauseResult,
  type Plan,
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
  undoExitCode,
  type UndoReceipt,
  type UndoReport,
  type Verdict,
  VERDICTS,
  WORKFLOW_TYPES,
} from '../contract/index.js';
