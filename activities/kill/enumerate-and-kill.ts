import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { isCbError, type LiveProcess, nearestNames } from '../../cb-response/index.js';
import {
  cutMessage,
  type EnumerateAndKillInput,
  type EnumerateAndKillResult,
  FAILURES,
  killReport,
  type KillEnd,
  type KillProgress,
} from '../../contract/index.js';
import type { Deps } from '../deps.js';
import { failure, failureTypeOf } from '../failure.js';
import { sameServer } from '../frozen.js';
import { WorldChanged } from './approved.js';
import { noteChildren } from './children.js';
import { closeOwn } from './close-session.js';
import { findDeadInIndex, foundAliveInIndex, hashInstances } from './from-index.js';
import { noteLongGaps } from './freshness.js';
import { KillRun, StepDeadline } from './kill-run.js';
import { nameForm } from './match.js';
import { collectPostedKills } from './posted-kills.js';
import { recallInstances } from './recall.js';
import { killsOf } from './respawn.js';
import { killUntilGone } from './rounds.js';
import { haveSession, openWithoutAnswer } from './session.js';

const NEAREST = 5;
/** Most paths without a hash in a result, and in its note. */
const MOST_UNHASHED = 500;
const UNHASHED_NAMED = 3;
/** Pause after a fault that struck while the session stood. */
const SOON_MS = 2_000;

/**
 * Step 4: owns one Live Response session from open to close. Whatever ends it, deadline, refusal or cancel, what was
 * found out so far is the result; only what Temporal shall try again is thrown. Another worker goes on where a dead one
 * stopped: from the heartbeat details, and from the session's own command list.
 */
export async function enumerateAndKill(
  deps: Deps,
  context: Context,
  input: EnumerateAndKillInput,
): Promise<EnumerateAndKillResult> {
  requireServer(deps, context, input);
  const run = new KillRun(deps, context, input, await deps.clock.now());
  try {
    return await inTurn(run);
  } finally {
    await run.giveTurn();
  }
}

async function inTurn(run: KillRun): Promise<EnumerateAndKillResult> {
  const { deps, context } = run;
  let unmatched: number[] = [];
  let end: KillEnd = 'done';
  let problem: EnumerateAndKillResult['problem'] = null;
  try {
    await run.takeTurn();
    if (context.info.attempt > 1 && (run.progress.instances.length > 0 || run.progress.sessionId !== null)) {
      await haveSession(run);
      await recallInstances(run);
      await collectPostedKills(deps, run.progress, run.signal);
    }
    let list: LiveProcess[];
    do list = await killUntilGone(run);
    while ((await foundAliveInIndex(run, list)) || (await recalledLate(run)));
    unmatched = await findDeadInIndex(run, list);
    await hashInstances(run);
  } catch (err) {
    ({ end, problem } = await whyEnded(run, err));
  }
  noteChildren(run, run.known.lastList);
  noteLongGaps(run);
  await run.requireStillOurs();
  const lostOpen = openWithoutAnswer(run.progress);
  if (!(await closeOwn(deps, run.progress))) {
    run.note(`Live Response session ${run.progress.sessionId} is ours and could not be closed yet.`);
  }
  return result(run, { end, problem, unmatched, lostOpen });
}

/**
 * An attempt that was told of no session, adopted one and did not know its own name yet, knows by now what is its own in it:
 * whether an earlier attempt killed there, so that the host must be listed once more.
 */
async function recalledLate(run: KillRun): Promise<boolean> {
  if (run.context.info.attempt === 1) return false;
  const before = run.progress.instances.length;
  await recallInstances(run);
  if (run.progress.instances.length === before) return false;
  await collectPostedKills(run.deps, run.progress, run.signal);
  return true;
}

/** A retry on a worker of another server changes nothing, and hands on what the attempts before it left behind. */
function requireServer(deps: Deps, context: Context, input: EnumerateAndKillInput): void {
  try {
    sameServer(deps, input.target);
  } catch (err) {
    const left = context.info.heartbeatDetails as KillProgress | null | undefined;
    if (!(err instanceof ApplicationFailure) || left == null) throw err;
    throw failure('WrongServer', err.message, { details: [left] });
  }
}

/** Ends with what is known, or throws: what is to be tried again, and what is another worker's now. */
async function whyEnded(
  run: KillRun,
  err: unknown,
): Promise<Pick<EnumerateAndKillResult, 'end' | 'problem'> & { end: KillEnd }> {
  const cancel = run.context.cancellationDetails;
  if (run.signal.aborted) {
    // An attempt that lost its ownership, or hands over at a shutdown, stops and closes nothing.
    if (cancel?.cancelRequested !== true || cancel.notFound || cancel.timedOut) run.signal.throwIfAborted();
    return { end: 'cancelled', problem: { type: 'Cancelled', message: 'The run was cancelled.' } };
  }
  if (run.lost) throw err;
  if (err instanceof WorldChanged) {
    return { end: 'changed', problem: { type: 'NotApproved', message: cutMessage(err.message) } };
  }
  if (err instanceof StepDeadline) return deadline(run, null);
  if (isCbError(err) && FAILURES[failureTypeOf(err)].final) {
    return { end: 'refused', problem: { type: failureTypeOf(err), message: cutMessage(err.message) } };
  }
  const nobodysFailure = err instanceof ApplicationFailure && err.type === 'TooManySessions';
  if (!nobodysFailure && (await run.now()) > run.deadline) return deadline(run, err);
  await run.send();
  // Every attempt that gets on would otherwise wait longer than the one before, and the step's deadline comes first.
  if (run.reached && isCbError(err) && err.retryAfterMs === null) {
    throw failure(failureTypeOf(err), err.message, { nextRetryDelay: SOON_MS });
  }
  throw err;
}

function deadline(run: KillRun, err: unknown): { end: KillEnd; problem: { type: string; message: string } } {
  const why = err instanceof Error ? ` Last: ${err.message}` : '';
  const { hostname } = run.input.target;
  if (!run.progress.listed) {
    return {
      end: 'deadline',
      problem: {
        type: 'SessionUnavailable',
        message: cutMessage(`No process list of ${hostname} by the deadline.${why}`),
      },
    };
  }
  return {
    end: 'deadline',
    problem: {
      type: 'DeadlinePassed',
      message: cutMessage(`The kills on ${hostname} were not done by the deadline.${why}`),
    },
  };
}

function result(
  run: KillRun,
  ended: Pick<EnumerateAndKillResult, 'end' | 'problem' | 'unmatched' | 'lostOpen'>,
): EnumerateAndKillResult {
  const { progress } = run;
  return {
    ...ended,
    listed: progress.listed,
    processes: progress.instances.map(killReport),
    liveMatches: progress.listed ? progress.liveMatches : null,
    nearestNames: nearest(run, ended.unmatched, run.known.lastList),
    unhashed: run.known.unhashed.slice(0, MOST_UNHASHED),
    sessions: progress.sessions,
    lastListAt: progress.lastListAt,
    notes: notes(run),
    evidence: progress.evidence,
    earlierKills: killsOf(progress) ?? run.input.earlierKills ?? null,
  };
}

function notes(run: KillRun): string[] {
  const all = [...run.progress.notes];
  const { unhashed } = run.known;
  if (unhashed.length > 0) {
    const some = unhashed.slice(0, UNHASHED_NAMED).join(', ');
    const rest = unhashed.length - UNHASHED_NAMED;
    all.push(
      cutMessage(
        `No hash could be had of ${unhashed.length} running files, so that they may match: ${some}` +
          (rest > 0 ? ` and ${rest} more.` : '.'),
      ),
    );
  }
  if (run.input.target.osType === 'unknown') all.push('The system of this host is unknown.');
  return all;
}

/** The five names on the list nearest to what matched nothing: was it a typo? */
function nearest(run: KillRun, unmatched: readonly number[], list: readonly LiveProcess[]): string[] {
  const { osType } = run.input.target;
  const have = [...new Set(list.map((p) => nameForm(p.path, osType)).filter((n) => n !== ''))];
  const names = run.input.selectors
    .filter(({ n }) => unmatched.includes(n))
    .flatMap(({ selector }) =>
      nearestNames(have, nameForm(selector.name ?? selector.path ?? '', osType), NEAREST),
    );
  return [...new Set(names)].slice(0, NEAREST);
}
