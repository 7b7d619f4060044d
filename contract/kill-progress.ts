import type {
  EnumerateAndKillResult,
  KillInstance,
  KillProgress,
  SettleSessionResult,
} from './kill-activities.js';

/** A process as the receipt tells of it: without what only the next attempt needs. */
export function killReport(instance: KillInstance): EnumerateAndKillResult['processes'][number] {
  const { kills: _kills, noSuchPid: _noSuchPid, denied: _denied, ...report } = instance;
  return report;
}

/** What the heartbeats of a kill told, where nobody could look after it: what was seen alive counts as alive. */
export function leftByKill(progress: KillProgress): SettleSessionResult {
  return {
    processes: progress.instances.map((instance) => {
      const report = killReport(instance);
      if (report.outcome !== 'unknown' || instance.kills.length === 0) return report;
      return { ...report, why: 'A kill was sent; what came of it could not be read.' };
    }),
    liveMatches: progress.listed ? progress.liveMatches : null,
    listed: progress.listed,
    sessions: progress.sessions,
    evidence: progress.evidence,
  };
}
