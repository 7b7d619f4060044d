import type { Gap, Verdict } from '../contract/index.js';
import type { Containment } from './containment.js';

/** Whether this run changed anything that still could be told from before: wish, bans, dead processes. */
export function changedAnything(run: Containment): boolean {
  return (
    run.holdTaken ||
    (run.undone ?? []).length > 0 ||
    [...run.bans.values()].some(
      (b) => b.outcome === 'banned' || (b.outcome === 'failed' && run.toBan.tried.has(b.md5)),
    ) ||
    [...run.processes.values()].some(
      (p) => p.outcome === 'killed' || p.outcome === 'survived' || p.outcome === 'respawned',
    )
  );
}

/** The verdict table of the playbook, to the letter: the worst that holds wins, top to bottom. */
export function judge(run: Containment, cancelled: boolean): { verdict: Verdict; gaps: Gap[] } {
  const gaps = run.gaps();
  const failed = run.failed !== null || cancelled;
  const refused = run.approval.refusal !== null;
  if (run.undone?.some((u) => u.outcome === 'failed')) return { verdict: 'rollback-incomplete', gaps };
  if ((failed || refused) && !changedAnything(run)) return { verdict: 'not-contained', gaps };
  if (run.wanted.dryRun) return { verdict: 'planned', gaps: gaps.filter((g) => g !== 'process-alive') };
  if (run.undone !== null) return { verdict: 'rolled-back', gaps };
  if (run.wanted.isolate) {
    const state = run.hostState;
    const stands = state !== null && state.fact === true && state.wish === true && state.holdStands;
    const inForce = stands && !run.holdLost;
    if (!inForce) {
      const wishStands = !run.holdLost && (state === null || state.wish !== false);
      if (wishStands && !(state?.fact === true && !state.holdStands))
        return { verdict: 'isolation-pending', gaps };
      gaps.push('isolation-lost');
    }
  }
  return { verdict: gaps.length > 0 || failed || refused ? 'contained-partly' : 'contained', gaps };
}
