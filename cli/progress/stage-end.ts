import type {
  BanReport,
  IsolationReport,
  Problem,
  ProcessReport,
  Receipt,
  Step,
} from '../../contract/index.js';
import type { ContainmentStatus } from '../../contract/messages.js';
import { type Stage, STAGE_OF } from './stages.js';

/** How a stage ended, as far as the run's own account tells. */
export interface StageEnd {
  mark: 'done' | 'skipped' | 'failed';
  text: string;
}

/** What a status and a receipt both tell. */
export interface Account {
  isolation: Pick<IsolationReport, 'outcome'>;
  processes: { total: number; dead: number; alive: number };
  bans: readonly Pick<BanReport, 'outcome'>[];
  problems: readonly Pick<Problem, 'step'>[];
}

export function accountOf(from: ContainmentStatus | Receipt): Account {
  const { isolation, bans, problems } = from;
  if (!Array.isArray(from.processes)) return { isolation, bans, problems, processes: from.processes };
  const rows: ProcessReport[] = from.processes;
  const dead = rows.filter((p) => p.outcome === 'killed' || p.outcome === 'already-gone').length;
  return { isolation, bans, problems, processes: { total: rows.length, dead, alive: rows.length - dead } };
}

/** The end of a stage that the run has passed; `entered`: the run was seen in it. */
export function endOf(stage: Stage, account: Account, entered: boolean): StageEnd {
  if (account.problems.some((p) => STAGE_OF[p.step as Step] === stage))
    return end('failed', 'see the problems');
  switch (stage) {
    case 'isolate':
      return account.isolation.outcome === 'skipped' ? notNeeded(entered) : end('done', '');
    case 'kill':
      return killEnd(account, entered);
    case 'ban':
      return banEnd(account);
    case 'confirm':
      return confirmEnd(account);
    case 'undo':
      return entered ? end('done', '') : notNeeded(false);
    default:
      return end('done', '');
  }
}

function killEnd({ processes: p }: Account, entered: boolean): StageEnd {
  if (p.total === 0) return entered ? end('done', 'none found') : notNeeded(false);
  return end(p.alive > 0 ? 'failed' : 'done', `${p.dead} of ${p.total} dead`);
}

function banEnd({ bans }: Account): StageEnd {
  if (bans.length === 0) return notNeeded(false);
  const banned = bans.filter((b) => b.outcome === 'banned' || b.outcome === 'already-banned').length;
  return end(banned < bans.length ? 'failed' : 'done', `${banned} of ${bans.length} banned`);
}

function confirmEnd({ isolation }: Account): StageEnd {
  const { outcome } = isolation;
  if (outcome === 'skipped') return notNeeded(false);
  return end(outcome === 'isolated' || outcome === 'already-isolated' ? 'done' : 'failed', outcome);
}

function notNeeded(entered: boolean): StageEnd {
  return entered ? end('done', '') : end('skipped', 'not needed');
}

function end(mark: StageEnd['mark'], text: string): StageEnd {
  return { mark, text };
}
