import type { Gap, Verdict } from '../contract/index.js';
import type { Containment } from './containment.js';

const GAP_WORDS: Record<Gap, string> = {
  'process-alive': 'a matching process is still alive',
  'nothing-matched': 'nothing matched what was to be killed (was it a typo?)',
  'hash-unknown': 'a hash could not be found, so it is not banned',
  'ban-refused': 'a ban was refused',
  'not-enumerated': 'the processes were never (fully) listed',
  'isolation-lost': 'the isolation did not hold until the end',
};

/** One sentence a person can act on, while the run goes on. */
export function summaryOf(run: Containment): string {
  const waits = [...run.waitingFor.keys()];
  const waiting = waits.length === 0 ? '' : `; waiting for ${waits.join(' and ')}`;
  return `${run.host}: ${run.shownStep}${waiting}.`;
}

/** One sentence a person can act on, for the receipt. */
export function verdictSentence(run: Containment, verdict: Verdict, gaps: readonly Gap[]): string {
  const dead = [...run.processes.values()].length - run.liveMatches.length;
  const banned = [...run.bans.values()].filter(
    (b) => b.outcome === 'banned' || b.outcome === 'already-banned',
  ).length;
  const wrong = run.failed ?? run.approval.refusal;
  const why = wrong === null ? '' : ` ${wrong.step}: ${wrong.message}`;
  const words = gaps.map((g) => GAP_WORDS[g]).join('; ');
  const state = isolationWords(run);
  switch (verdict) {
    case 'contained':
      return `${run.host} is contained: ${state}, ${dead} dead, ${banned} banned.`;
    case 'contained-partly':
      return `${run.host} is contained only partly (${state}): ${words === '' ? 'a step failed and nothing was undone' : words}.${why}`;
    case 'planned':
      return planSentence(run);
    case 'isolation-pending':
      return `${run.host} is not isolated yet: the wish stands under its lease and the sensor has not confirmed it.${why}`;
    case 'rolled-back':
      return `${run.host} is not contained: everything this run changed was undone.${why}`;
    case 'rollback-incomplete':
      return `${run.host} needs a person: not everything this run changed could be undone (${undone(run)}).${why}`;
    default:
      return `${run.host} is not contained, and nothing was changed.${why}`;
  }
}

function planSentence(run: Containment): string {
  const { plan } = run.approval;
  const kills = plan?.processes.filter((p) => p.outcome === 'unknown').length ?? 0;
  const bans = plan?.hashes.filter((h) => h.judgement === 'ban').length ?? 0;
  const against = plan?.objections.length ?? 0;
  const would = `${run.wanted.isolate ? 'isolate it, ' : ''}kill ${kills} and ban ${bans}`;
  const but = against === 0 ? '' : `; ${against} objection(s) would stop it before that`;
  return `${run.host}: a containment now would ${would}${but}. Nothing was changed.`;
}

function isolationWords(run: Containment): string {
  if (!run.wanted.isolate) return 'isolation not asked for';
  if (run.hostState?.fact === true) return 'isolated';
  return run.hostState?.wish === true ? 'isolation asked for, not confirmed' : 'not isolated';
}

function undone(run: Containment): string {
  const failed = (run.undone ?? []).filter((u) => u.outcome === 'failed');
  return failed.map((u) => `${u.change} ${u.target}`).join(', ');
}
