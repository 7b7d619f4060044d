import { CancellationScope, patched } from '@temporalio/workflow';
import {
  DEFAULT_POLICY,
  type EnumerateAndKillInput,
  type EnumerateAndKillResult,
  EVIDENCE_LIMIT_MS,
  leftByKill,
  type KillProgress,
  type NumberedSelector,
  type ResolveResult,
} from '../contract/index.js';
import { run as activity } from './activities.js';
import { needsPlan } from './approval-rules.js';
import type { Containment } from './containment.js';
import { enter } from './face.js';
import { failure, leftBehind, problemOf } from './failure.js';
import { readBeforeCancel } from './read-before-cancel.js';
import { waitUntilOnline, wentOffline } from './step-offline.js';
import { now } from './time.js';
import { DEADLINES, liveResponse, liveResponseBudget, settleSession } from './timing.js';

const LEFT_COUNTS = 'what-a-kill-left-counts-2026-11';
const LOST_OPEN = 'a-lost-open-is-looked-for-2026-11';

/** How a list is gone through: what is listed only, and what may be killed. */
type How = Pick<EnumerateAndKillInput, 'mode' | 'approved'>;

/** Step 4: drains the work list of selectors. `onResult` gets what each round found, so that bans need not wait. */
export async function enumerateAndKill(run: Containment, onResult: () => void): Promise<void> {
  while (run.selectors.pending.length > 0 && !needsPlan(run)) {
    let isThere = false;
    try {
      isThere = await hostIsThere(run);
    } finally {
      // Off the work list in any case: under `keep` it would be waited for over and over.
      if (!isThere) for (const { n } of run.selectors.pending.splice(0)) run.selectors.notEnumerated.add(n);
    }
    // A join asked for approval meanwhile: what is left waits for its plan.
    if (!isThere || needsPlan(run)) return;
    const selectors = run.selectors.pending.splice(0);
    const result = await goOnce(run, selectors, { mode: 'kill', approved: null });
    if (result === null) {
      run.selectors.pending.unshift(...selectors);
      continue;
    }
    takeUnmatched(run, result);
    onResult();
    requireNoProblem(result);
  }
}

/** Goes to the host as soon as it is there, and again where it went offline; `null`: it never came. */
export async function goThere(
  run: Containment,
  selectors: NumberedSelector[],
  how: How,
): Promise<EnumerateAndKillResult | null> {
  for (;;) {
    for (const { n } of selectors) run.selectors.notEnumerated.add(n);
    if (!(await hostIsThere(run))) return null;
    const result = await goOnce(run, selectors, how);
    if (result !== null) return result;
  }
}

/** One session on the host, its outcome taken in; `null`: the host went offline before anything was listed. */
export async function goOnce(
  run: Containment,
  selectors: NumberedSelector[],
  how: How,
): Promise<EnumerateAndKillResult | null> {
  for (const { n } of selectors) run.selectors.notEnumerated.add(n);
  enter(run, 'enumerate-and-kill');
  const result = await killOnce(run, selectors, how);
  run.takeKills(result);
  const silent = result.end === 'deadline' && !result.listed && !run.wanted.dryRun;
  // Before the question whether the host is still there, for that may end the run.
  const looked = silent && mayStand(result) && patched(LOST_OPEN);
  if (looked) await closeWhatIsLeft(run, result);
  if (silent && (await wentOffline(run))) {
    for (const { n } of selectors) run.selectors.notEnumerated.delete(n);
    return null;
  }
  if (result.end === 'deadline') run.deadlinePassed('Live Response', now());
  run.lastListAt = result.lastListAt ?? run.lastListAt;
  if (result.listed && result.end === 'done')
    for (const { n } of selectors) run.selectors.notEnumerated.delete(n);
  if ((result.unhashed ?? []).length > 0) {
    for (const { n, selector } of selectors)
      if (selector.md5 !== undefined) run.selectors.notEnumerated.add(n);
  }
  if (!looked) await closeWhatIsLeft(run, result);
  run.nearestNames = [...new Set([...run.nearestNames, ...result.nearestNames])].slice(0, 10);
  for (const note of result.notes) run.note(note);
  return result;
}

export function takeUnmatched(run: Containment, result: EnumerateAndKillResult): void {
  run.selectors.takeUnmatched(
    result.unmatched,
    result.processes.flatMap((p) => p.selectors),
  );
}

export function requireNoProblem(result: EnumerateAndKillResult | null): void {
  if (result?.problem != null) throw failure(result.problem.type as never, result.problem.message);
}

/** Whether Live Response may be tried: the host is there, or has come back in the time that it is waited for. */
async function hostIsThere(run: Containment): Promise<boolean> {
  if (run.checkin.online) return true;
  if (run.wanted.offline === 'isolate-only') {
    run.note('The host is offline: it is isolated as soon as it is back; its processes were not waited for.');
    return false;
  }
  return await waitUntilOnline(run);
}

async function killOnce(
  run: Containment,
  selectors: NumberedSelector[],
  how: How,
): Promise<EnumerateAndKillResult> {
  const names = selectors.map(({ selector: s }) => s.name ?? s.path ?? s.md5 ?? s.guid).join(', ');
  const { evidence } = run.wanted;
  const evidenceMs = evidence === 'none' ? 0 : EVIDENCE_LIMIT_MS;
  const budget = liveResponseBudget(run.checkin, now()) + evidenceMs;
  run.waitingFor.set('Live Response', null);
  let read: KillProgress | null = null;
  const work = (): Promise<EnumerateAndKillResult> =>
    activity(
      'enumerateAndKill',
      liveResponse,
      `${how.mode === 'plan' ? 'List' : 'Kill'} ${names} on ${run.host}`,
      {
        target: run.target,
        run: run.identity,
        selectors,
        checkin: run.checkin,
        deadlineAfterSlotMs: budget,
        latest: now() + DEADLINES.freeSlot,
        ...respawnRules(run),
        ...how,
        protectedProcesses: run.guard.policy.protectedProcesses,
        evidence: how.mode === 'plan' ? 'none' : evidence,
        earlierKills: run.earlierKills,
      },
    );
  try {
    return await readBeforeCancel(run, work, (left) => {
      read = left;
    });
  } catch (err) {
    const left = leftBehind<KillProgress>(err) ?? read;
    const isSettled = await lookAfterSession(run, left);
    // What it had found and killed is true all the same: nothing of it is undone, and a live match keeps its host isolated.
    if (!isSettled && left !== null && patched(LEFT_COUNTS)) run.takeKills(leftByKill(left));
    throw err;
  } finally {
    run.waitingFor.delete('Live Response');
  }
}

/** What the run's policy says of processes that come back; in histories of older versions there is no policy. */
function respawnRules(run: Containment): Pick<EnumerateAndKillInput, 'respawn' | 'respawnRounds'> {
  const { guard } = (run.resolved ?? {}) as Partial<ResolveResult>;
  const { respawn, rounds } = (guard?.policy ?? DEFAULT_POLICY).kill;
  return { respawn, respawnRounds: rounds };
}

/** Whether a session of ours stands after a kill, or may. */
function mayStand({ sessions, lostOpen }: EnumerateAndKillResult): boolean {
  return lostOpen != null || sessions.some(({ ours, closed }) => ours && !closed);
}

/**
 * The activity could not close its own session, or does not know whether it has opened one: somebody must look, for it is one
 * of ten (hazard H23).
 */
async function closeWhatIsLeft(run: Containment, result: EnumerateAndKillResult): Promise<void> {
  for (const session of result.sessions) {
    if (session.ours && !session.closed)
      await lookAfterSession(run, {
        ...nothingKilled(),
        sessionId: session.id,
        sessionOurs: true,
        sessions: [session],
      });
  }
  const { lostOpen } = result;
  // A worker of an older version may have gone on with this result, without a look.
  if (lostOpen != null && patched(LOST_OPEN))
    await lookAfterSession(run, { ...nothingKilled(), ...lostOpen });
}

function nothingKilled(): KillProgress {
  return {
    startedAt: now(),
    budgetFrom: now(),
    slotAt: null,
    sessionsBefore: null,
    sessionId: null,
    sessionOurs: false,
    username: null,
    round: 0,
    listed: false,
    liveMatches: null,
    lastListAt: null,
    instances: [],
    newestBeforeKills: null,
    evidenceFrom: null,
    evidence: [],
    sessions: [],
    notes: [],
  };
}

/**
 * The activity ended without a result, its worker dead during a cancel: what it killed is collected, its session closed. False
 * where the server let nobody do so.
 */
async function lookAfterSession(run: Containment, progress: KillProgress | null): Promise<boolean> {
  return await CancellationScope.nonCancellable(async () => {
    try {
      const left = await activity(
        'settleSession',
        settleSession,
        `Close what is left of the session on ${run.host}`,
        {
          target: run.target,
          run: run.identity,
          progress,
        },
      );
      run.takeKills(left);
      return true;
    } catch (err) {
      run.problems.push(problemOf('settle-session', err));
      if (progress !== null && progress.sessionId === null && progress.sessionsBefore !== null) {
        run.note(
          `A Live Response session of this run may stand on ${run.host}: the server gave no readable answer to the request that ` +
            'opens it, and what became of it could not be found out (see the problems). If it stands, it ends by its own time-out.',
        );
      }
      return false;
    }
  });
}
