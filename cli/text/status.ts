import { formatDuration } from '../../contract/duration.js';
import type { ContainmentStatus } from '../../contract/index.js';
import { targetText } from './receipt.js';
import { dateTime, section } from './table.js';

/** What a run is doing, for people. `now` in milliseconds since 1970, for the time that is left. */
export function statusText(status: ContainmentStatus, webUrl: string | null, now: number): string {
  const { processes: p, isolation } = status;
  const head = status.verdict === null ? `RUNNING (${status.step})` : status.verdict.toUpperCase();
  return [
    `${head}  ${status.target ? targetText(status.target) : status.workflowId}`,
    status.summary,
    '',
    ...section(
      'waiting',
      status.waitingFor.map((w) => `for ${w.what}${left(w.deadline, now)}`),
    ),
    ...section('isolation', [isolation.outcome]),
    ...section('processes', p.total === 0 ? [] : [`${p.dead} of ${p.total} dead, ${p.alive} alive`]),
    ...section(
      'bans',
      status.bans.map((b) => `${b.outcome}  ${b.md5}`),
    ),
    ...section(
      'problems',
      status.problems.map((x) => `${x.step}: ${x.type}: ${x.message}`),
    ),
    ...section('on failure', [status.failurePolicy]),
    ...section('run', [
      `${status.workflowId}  ${status.runId}`,
      `since ${dateTime(status.startedAt)}`,
      ...(webUrl === null ? [] : [webUrl]),
    ]),
  ].join('\n');
}

function left(deadline: string | null, now: number): string {
  if (deadline === null) return '';
  const ms = Date.parse(deadline) - now;
  return Number.isNaN(ms) ? '' : `, at most ${formatDuration(ms)} more (until ${dateTime(deadline)})`;
}
