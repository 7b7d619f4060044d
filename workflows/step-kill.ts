import { CancellationScope } from '@temporalio/workflow';
import {
  DEFAULT_POLICY,
  type EnumerateAndKillInput,
  type EnumerateAndKillResult,
  EVIDENCE_LIMIT_MS,
  type KillProgress,
  type NumberedSelector,
  type ResolveResult,
  type SessionReport,
} from '../contract/index.js';
import { run as activity } from './activities.js';
import type { Containment } from './containment.js';
import { enter } from './face.js';
import { failure, leftBehind, problemOf } from './failure.js';
import { waitUntilOnline, wentOffline } from './step-offline.js';
import { now } from './time.js';
import { DEADLINES, liveResponse, liveResponseBudget, settleSession } from './timing.js';

/** Step 4: drains the work list of selectors. `onResult` gets what each round found, so that bans need not wait. */
export async function enumerateAndKill(run: Containment, onResult: () => void): Promise<void> {
  while (run.pendingSelectors.length > 0) {
    let isThere = false;
    try {
      isThere = await hostIsThere(run);
    } finally {
      // Off the work list in any case: under `keep` it would be waited for over and over.
      if (!isThere) for (const { n } of run.pendingSelectors.splice(0)) run.notEnumerated.add(n);
    }
    if (!isThere) return;
    const selectors = run.pendingSelectors.splice(0);
    for (const { n } of selectors) run.notEnumerated.add(n);
    enter(run, 'enumerate-and-kill');
    const result = await killOnce(run, selectors);
    run.takeKills(result);
    if (result.end === 'deadline' && !result.listed && (await wentOffline(run))) {
      for (const { n } of selectors) run.notEnumerated.delete(n);
      run.pendingSelectors.unshift(...selectors);
      continue;
    }
    if (result.end === 'deadline') run.deadlinePassed('Live Response', now());
    run.lastListAt = result.lastListAt ?? run.lastListAt;
    if (result.listed && result.end === 'done') for (const { n } of selectors) run.notEnumerated.delete(n);
    run.takeUnmatched(
      result.unmatched,
      result.processes.flatMap((p) => p.selectors),
    );
    if ((result.unhashed ?? []).length > 0) {
      for (const { n, selector } of selectors) if (selector.md5 !== undefined) run.notEnumerated.add(n);
    }
    await closeWhatIsLeft(run, result);
    run.nearestNames = [...new Set([...run.nearestNames, ...result.nearestNames])].slice(0, 10);
    for (const note of result.notes) run.note(note);
    onResult();
    if (result.problem !== null) throw failure(result.problem.type as never, result.problem.message);
  }
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

async function killOnce(run: Containment, selectors: NumberedSelector[]): Promise<EnumerateAndKillResult> {
  const names = selectors.map(({ selector: s }) => s.name ?? s.path ?? s.md5 ?? s.guid).join(', ');
  const { evidence } = run.wanted;
  const evidenceMs = evidence === 'none' ? 0 : EVIDENCE_LIMIT_MS;
  const budget = liveResponseBudget(run.checkin, now()) + evidenceMs;
  run.waitingFor.set('Live Response', null);
  try {
    return await activity('enumerateAndKill', liveResponse, `Kill ${names} on ${run.host}`, {
      target: run.target,
      run: run.identity,
      selectors,
      checkin: run.checkin,
      deadlineAfterSlotMs: budget,
      latest: now() + DEADLINES.freeSlot,
      ...respawnRules(run),
      mode: 'kill',
      approved: null,
      protectedProcesses: run.guard.policy.protectedProcesses,
      evidence,
    });
  } catch (err) {
    await lookAfterSession(run, leftBehind<KillProgress>(err));
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

/** The activity could not close its own session: somebody must, for it is one of ten (hazard H23). */
async function closeWhatIsLeft(run: Containment, result: EnumerateAndKillResult): Promise<void> {
  for (const session of result.sessions) {
    if (session.ours && !session.closed) await lookAfterSession(run, abandoned(session));
  }
}

function abandoned(session: SessionReport): KillProgress {
  return {
    startedAt: now(),
    budgetFrom: now(),
    slotAt: null,
    sessionsBefore: null,
    sessionId: session.id,
    sessionOurs: true,
    username: null,
    round: 0,
    listed: false,
    liveMatches: null,
    lastListAt: null,
    instances: [],
    newestBeforeKills: null,
    evidenceFrom: null,
    evidence: [],
    sessions: [session],
    notes: [],
  };
}

/** The activity ended without a result, its worker dead during a cancel: what it killed is collected, its session closed. */
async function lookAfterSession(run: Containment, progress: KillProgress | null): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
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
    } catch (err) {
      run.problems.push(problemOf('settle-session', err));
    }
  });
}
