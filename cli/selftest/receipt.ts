import type { Receipt, UndoReceipt } from '../../contract/index.js';

export const SELFTEST_SCHEMA = 'cb-response-playbook/selftest/v1';

export const SELFTEST_STEPS = [
  'look',
  'make-marker',
  'contain',
  'check-contained',
  'undo',
  'check-undone',
  'delete-marker',
  'check-nothing-left',
] as const;
export type SelftestStepName = (typeof SELFTEST_STEPS)[number];

/** One thing that was looked at on the server or the host. */
export interface SelftestCheck {
  what: string;
  expected: string;
  seen: string;
  passed: boolean;
}

export interface SelftestStep {
  step: SelftestStepName;
  outcome: 'passed' | 'failed';
  startedAt: string;
  endedAt: string;
  checks: SelftestCheck[];
  /** Why it failed, in words; `null` where it passed. */
  why: string | null;
}

/** Why a host is not fit for the self-test, and what settles it. Nothing was changed. */
export interface SelftestObjection {
  what: string;
  settledBy: string;
}

/** What became of one thing that the self-test made, after a step had failed. */
export interface PutBack {
  what: 'run' | 'ban' | 'isolation' | 'process' | 'file' | 'session';
  target: string;
  /** `gone`: it did not stand any more. `left`: it is somebody else's by now. */
  outcome: 'put-back' | 'gone' | 'left' | 'failed';
  why: string | null;
  /** What to do by hand; `null` where nothing is to be done. */
  byHand: string | null;
}

/** Times are ISO 8601 in UTC. Holds no token. */
export interface SelftestReceipt {
  schema: typeof SELFTEST_SCHEMA;
  verdict: 'passed' | 'failed';
  /** One sentence for people. */
  summary: string;
  /** As `cb-playbook selftest` ends: docs/selftest.md. */
  exitCode: number;
  /** In the marker's name, and in the reason of its containment. */
  id: string;
  startedAt: string;
  endedAt: string;
  /** False while it runs: a receipt that stays so is of a self-test that was ended from outside. */
  ended: boolean;
  server: { name: string; version: string | null };
  sensor: {
    id: number;
    hostname: string;
    os: string;
    osType: string;
    buildVersion: string;
    groupId: number;
    checkinSeconds: number | null;
  } | null;
  versions: { playbook: string; node: string; temporal: string | null };
  by: string | null;
  /** What was made for this test; `null` before. `program`: what it was made of. */
  marker: {
    program: string;
    path: string;
    md5: string;
    bytes: number;
    pid: number | null;
    guid: string | null;
  } | null;
  objections: SelftestObjection[];
  steps: SelftestStep[];
  contain: Receipt | null;
  undo: UndoReceipt | null;
  /** Empty where every step passed: each has put back what it made. */
  putBack: PutBack[];
  notes: string[];
}
