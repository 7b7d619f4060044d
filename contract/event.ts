import type { Receipt } from './receipt.js';
import type { IsoTime } from './target.js';
import type { LeaseState } from './lease.js';

/** What people are told by notification, beside what Temporal Web shows. */
export const EVENT_KINDS = ['verdict', 'approval-wanted', 'reminder', 'drift', 'released'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Body of the POST to `CB_PLAYBOOK_NOTIFY_URL`: `text` is what chat tools show, the rest is for machines. No secret in it. */
export interface PlaybookEvent {
  schema: 'cb-response-playbook/event/v1';
  kind: EventKind;
  text: string;
  at: IsoTime;
  server: string | null;
  sensorId: number | null;
  hostname: string | null;
  workflowId: string;
  runId: string;
  /** Of `verdict`. */
  receipt: Receipt | null;
  /** Of `reminder`, `drift` and `released`. */
  lease: LeaseState | null;
}
