import type { Problem, UndoReport } from './receipt.js';
import { RequestFields, show, type Mistake } from './request-fields.js';
import type { FrozenTarget, IsoTime } from './target.js';
import { EXIT } from './verdict.js';

export const UNDO_SCHEMA = 'cb-response-playbook/undo/v1';

/** Type of the failure with which an undo closes that could not undo everything; `details[0]` is its receipt. */
export const UNDO_INCOMPLETE = 'undo-incomplete';

/** `undo/<workflow id of the containment>`. */
export function undoId(workflowId: string): string {
  return `undo/${workflowId}`;
}

/** Argument of `undoContainment`. */
export interface UndoInput {
  /** The containment's workflow id. */
  workflowId: string;
  /** Which of its runs; the latest where none is given. */
  runId?: string;
  /** Without it nothing is changed: the result tells what would be. */
  apply?: boolean;
  who?: string;
  reason?: string;
}

export interface CheckedUndo {
  workflowId: string;
  runId: string | null;
  apply: boolean;
  who: string | null;
  reason: string | null;
}

/** One thing that the run did and that still stands. */
export interface StandingChange {
  change: UndoReport['change'];
  target: string;
  /** What undoing it does, in words. */
  effect: string;
}

/** One thing that stands and is not the run's to undo. */
export interface LeftChange {
  change: UndoReport['change'];
  target: string;
  why: string;
}

/** The run whose work is undone. */
export interface UndoneRun {
  workflowId: string;
  runId: string;
  hostname: string | null;
  sensorId: number | null;
  /** As its receipt says; `null` where it left none. */
  verdict: string | null;
}

/** What a closed run did, what of it still stands, and what is somebody else's: read before anything is undone. */
export interface UndoSurvey {
  of: UndoneRun;
  /** `null` where the run had not found its host: then it has changed nothing. */
  target: FrozenTarget | null;
  /** Whether the wish stood before the run began. */
  wishedBefore: boolean;
  everyMs: number;
  standing: StandingChange[];
  left: LeftChange[];
  notes: string[];
}

export interface UndoReceipt {
  schema: typeof UNDO_SCHEMA;
  verdict: 'undone' | 'nothing-to-undo' | 'partly' | 'planned';
  summary: string;
  workflowId: string;
  runId: string;
  of: UndoneRun;
  /** What stood before anything was undone. */
  standing: StandingChange[];
  /** Empty in a plan. */
  undo: UndoReport[];
  left: LeftChange[];
  notes: string[];
  problems: Problem[];
  who: string | null;
  reason: string | null;
  startedAt: IsoTime;
  endedAt: IsoTime;
}

/** Activities of `undoContainment` beside `unban` and `unisolate`. */
export interface UndoActivities {
  surveyUndo: (input: { workflowId: string; runId: string | null }) => Promise<UndoSurvey>;
}

/** 0 done (with what was gone, or became somebody else's meanwhile, named), 10 the host stays isolated because others hold it or isolated it, 14 something could not be undone. */
export function undoExitCode(receipt: Pick<UndoReceipt, 'verdict' | 'undo'>): number {
  if (receipt.verdict === 'partly') return EXIT.undoIncomplete;
  const held = receipt.undo.some((u) => u.change === 'isolation' && u.outcome === 'left');
  return held ? EXIT.stillHeld : EXIT.done;
}

const KEYS = ['workflowId', 'runId', 'apply', 'who', 'reason'];

/** Every mistake at once, nothing thrown. */
export function checkUndo(
  input: unknown,
): { ok: true; request: CheckedUndo } | { ok: false; mistakes: Mistake[] } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const expected = 'One object, e.g. {"workflowId":"contain/win7pro64","apply":true}.';
    return { ok: false, mistakes: [{ field: '', problem: `The request is ${show(input)}.`, expected }] };
  }
  const fields = new RequestFields(input as Record<string, unknown>);
  fields.refuseUnknown(KEYS);
  const expected = 'The workflow id of one containment, e.g. contain/win7pro64.';
  const workflowId = fields.text('workflowId', 1_000, expected);
  if (!fields.has('workflowId')) fields.wrong('workflowId', 'It is missing.', expected);
  const request = {
    runId: checkRunId(fields),
    apply: fields.boolean('apply') ?? false,
    who: fields.text('who', 200, 'A short text of one line.', 'one-line'),
    reason: fields.text('reason', 1_000, 'A text of one line.', 'one-line'),
  };
  if (workflowId === null || fields.mistakes.length > 0) return { ok: false, mistakes: fields.mistakes };
  return { ok: true, request: { workflowId, ...request } };
}

function checkRunId(fields: RequestFields): string | null {
  const expected = 'The id of one of its runs, as its receipt has it.';
  const runId = fields.text('runId', 100, expected);
  if (runId === null || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(runId)) return runId;
  fields.wrong('runId', `${show(runId)} is no run id.`, expected);
  return null;
}
