import { ApplicationFailure, setCurrentDetails, upsertMemo, workflowInfo } from '@temporalio/workflow';
import {
  type BanInput,
  type CheckedUndo,
  checkUndo,
  describeMistakes,
  MEMO_KEYS,
  type Problem,
  UNDO_INCOMPLETE,
  UNDO_SCHEMA,
  type UndoInput,
  type UndoReceipt,
  type UndoReport,
  type UndoSurvey,
} from '../contract/index.js';
import { run as activity } from './activities.js';
import { failure, plain, problemOf } from './failure.js';
import { iso, now } from './time.js';
import { DEADLINES, givingBack, longRead, undoing } from './timing.js';
import { type UndoOutcome, UndoStack } from './undo-stack.js';

/** Failures of the look that say: this is no run whose work can be undone. They close the undo as they are. */
const NO_SUCH: ReadonlySet<string> = new Set(['NoSuchRun', 'StillRunning', 'WrongServer']);

/**
 * Reverses what one closed containment did and what of it still stands: its own bans and its own hold, and nothing else.
 * What is there is read first; each undo looks again. Once more, it finds nothing to undo.
 *
 * @param input without `apply` it only tells what would be undone
 * @throws ApplicationFailure `undo-incomplete` where something could not be undone, `details[0]` = receipt; `InvalidRequest`,
 * `NoSuchRun`, `StillRunning` or `WrongServer` where nothing was tried
 */
export async function undoContainment(input: UndoInput): Promise<UndoReceipt> {
  const checked = checkUndo(input);
  if (!checked.ok) throw failure('InvalidRequest', describeMistakes(checked.mistakes), checked.mistakes);
  const { request } = checked;
  const { workflowId, runId } = request;
  let survey: UndoSurvey;
  try {
    survey = await activity('surveyUndo', longRead, `What stands of ${workflowId}?`, { workflowId, runId });
  } catch (err) {
    const problem = problemOf('survey', err);
    if (problem.type === 'Cancelled') throw err;
    if (NO_SUCH.has(problem.type)) throw failure(problem.type as never, problem.message);
    return close(receiptOf(request, nothingSeen(request), [], [problem]));
  }
  const undone = request.apply ? await stackOf(request, survey).unwind() : [];
  return close(receiptOf(request, survey, undone, []));
}

function stackOf(request: CheckedUndo, survey: UndoSurvey): UndoStack {
  const { target, of } = survey;
  const stack = new UndoStack();
  if (target === null) return stack;
  const run = { workflowId: of.workflowId, runId: of.runId, who: request.who, reason: request.reason };
  for (const { change, target: what } of survey.standing) {
    const undo = (): Promise<UndoOutcome> =>
      change === 'ban'
        ? activity('unban', undoing, `Unban ${what} (${target.hostname})`, {
            target,
            run,
            md5: what,
            before: null,
            deadline: now() + DEADLINES.undo,
          } satisfies BanInput)
        : unisolate();
    stack.push({ key: `${change} ${what}`, change, target: what, undo });
  }
  const unisolate = async (): Promise<UndoOutcome> => {
    const { sensorGone, ...given } = await giveBack();
    // Nobody else holds that sensor: there is none any more that could stay isolated.
    return sensorGone === true ? { ...given, outcome: 'undone' } : given;
  };
  const giveBack = () =>
    activity('unisolate', givingBack, `Give back the hold of ${of.workflowId} on ${target.hostname}`, {
      target,
      run,
      holdId: `${of.workflowId}/${of.runId}`,
      wishedBefore: survey.wishedBefore,
      reason: request.reason ?? 'Undo of the containment.',
      everyMs: survey.everyMs,
      deadline: now() + DEADLINES.undo,
    });
  return stack;
}

function receiptOf(
  request: CheckedUndo,
  survey: UndoSurvey,
  undo: UndoReport[],
  problems: Problem[],
): UndoReceipt {
  const { workflowId, runId, startTime } = workflowInfo();
  const { of, standing, left, notes } = survey;
  const verdict = verdictOf(request, standing.length, undo, problems);
  return {
    schema: UNDO_SCHEMA,
    verdict,
    summary: summaryOf(verdict, survey, undo, problems),
    workflowId,
    runId,
    of,
    standing,
    undo,
    left,
    notes,
    problems,
    who: request.who,
    reason: request.reason,
    startedAt: iso(startTime.getTime()),
    endedAt: iso(now()),
  };
}

function verdictOf(
  { apply }: CheckedUndo,
  standing: number,
  undo: UndoReport[],
  problems: Problem[],
): UndoReceipt['verdict'] {
  if (problems.length > 0 || undo.some((u) => u.outcome === 'failed')) return 'partly';
  if (!apply && standing > 0) return 'planned';
  return undo.length > 0 ? 'undone' : 'nothing-to-undo';
}

function summaryOf(
  verdict: UndoReceipt['verdict'],
  { of, standing }: UndoSurvey,
  undo: UndoReport[],
  [problem]: Problem[],
): string {
  const which = `${of.workflowId} (run ${of.runId})`;
  if (problem !== undefined)
    return `Nothing of ${which} was undone, for what stands could not be read: ${problem.type}: ${problem.message}`;
  const failed = undo.filter((u) => u.outcome === 'failed').map((u) => `${u.change} ${u.target}`);
  const whyOf = (change: UndoReport['change'], outcome: UndoReport['outcome']): string =>
    undo
      .filter((u) => u.change === change && u.outcome === outcome && u.why !== null)
      .map((u) => ` ${u.target}: ${u.why}`)
      .join('');
  const held = undo.find((u) => u.change === 'isolation' && u.outcome === 'left');
  const bansLeft = whyOf('ban', 'left');
  switch (verdict) {
    case 'planned':
      return `${standing.length} changes of ${which} stand and would be undone; nothing was changed.`;
    case 'nothing-to-undo':
      return `Nothing of ${which} stands: there is nothing to undo.`;
    case 'partly':
      return `Not everything of ${which} could be undone, a person is needed: ${failed.join(', ')}.`;
    default:
      if (held !== undefined)
        return `Everything of ${which} is given back, and ${held.target} stays isolated: ${held.why ?? 'others hold it.'}${bansLeft}`;
      return bansLeft === ''
        ? `Everything that stood of ${which} is undone.${whyOf('isolation', 'undone')}`
        : `What is still its own of ${which} is undone; left alone:${bansLeft}`;
  }
}

function nothingSeen({ workflowId, runId }: CheckedUndo): UndoSurvey {
  return {
    of: { workflowId, runId: runId ?? '', hostname: null, sensorId: null, verdict: null },
    target: null,
    wishedBefore: false,
    everyMs: 0,
    standing: [],
    left: [],
    notes: [],
  };
}

/** Green only where nothing of the run is left that is its own. */
function close(receipt: UndoReceipt): UndoReceipt {
  upsertMemo({ [MEMO_KEYS.receipt]: receipt });
  setCurrentDetails(detailsOf(receipt));
  if (receipt.verdict !== 'partly') return receipt;
  throw plain(
    ApplicationFailure.create({
      type: UNDO_INCOMPLETE,
      message: receipt.summary,
      nonRetryable: true,
      details: [receipt],
    }),
  );
}

function detailsOf({ verdict, summary, standing, undo, left, notes }: UndoReceipt): string {
  const rows = [
    ...(undo.length > 0
      ? undo.map((u) => `- ${u.outcome}: ${u.change} ${u.target}${u.why === null ? '' : `: ${u.why}`}`)
      : standing.map((s) => `- stands: ${s.change} ${s.target}: ${s.effect}`)),
    ...left.map((l) => `- left: ${l.change} ${l.target}: ${l.why}`),
    ...notes.map((n) => `- ${n}`),
  ];
  return [`### ${verdict.toUpperCase()}`, summary, rows.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}
