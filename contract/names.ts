/** Names that travel between processes: workflow types, queues, messages, search attributes. Never rename one. */

export const WORKFLOW_TYPES = {
  containEndpoint: 'containEndpoint',
  isolationLease: 'isolationLease',
  lookup: 'lookup',
  reconcile: 'reconcile',
  /** Sends one notification, apart from the run it is about. */
  notify: 'notifyReceiver',
  /** Reverses what a closed containment did and what still stands of it. */
  undo: 'undoContainment',
  /** One a namespace: counts containments, and stops new ones. */
  brakes: 'brakes',
} as const;

export const TASK_QUEUES = {
  /** Workflows and every activity that needs no Live Response session. */
  main: 'cb-response-playbook',
  /** Activities that own a Live Response session; slots are scarce there (ten a server, API reference 4.1). */
  liveResponse: 'cb-response-live-response',
} as const;

export const UPDATES = {
  join: 'join',
  failurePolicy: 'failurePolicy',
  /** Answers a run that asks what to do (failure policy `ask`). */
  decide: 'decide',
  /** Answers a run that waits for approval of its plan. */
  approve: 'approve',
  deny: 'deny',
  acquire: 'acquire',
  release: 'release',
  extend: 'extend',
  /** On the brakes. */
  admit: 'admit',
  pause: 'pause',
  resume: 'resume',
} as const;

export const QUERIES = {
  status: 'status',
  receipt: 'receipt',
  holds: 'holds',
  plan: 'plan',
  brakes: 'brakes',
} as const;

/** Custom search attributes. All of them Keyword, but `CbSensorId` and `CbReminders`, which are Int. */
export const SEARCH_ATTRIBUTES = {
  host: 'CbHost',
  sensorId: 'CbSensorId',
  step: 'CbStep',
  verdict: 'CbVerdict',
  /** Of a lease: how often people were reminded of it. */
  reminders: 'CbReminders',
} as const;

export const MEMO_KEYS = {
  /** The receipt of a closed containment. */
  receipt: 'receipt',
  /** Who started the run: the id of the client call, so that its own `join` is known as the first request. */
  startedBy: 'startedBy',
  /** `requestId`s this run has accepted. */
  requestIds: 'requestIds',
  /** `{before, holds}` of an isolation lease. */
  lease: 'lease',
  /** Pause and counts of the brakes. */
  brakes: 'brakes',
} as const;

export const RECEIPT_SCHEMA = 'cb-response-playbook/receipt/v1';
