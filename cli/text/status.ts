import { formatDuration } from '../../contract/duration.js';
import type { ContainmentStatus } from '../../contract/index.js';
import type { HostStatus } from '../../client/host-types.js';
import { askText } from './asks.js';
import { hostLines } from './host.js';
import { planLines } from './plan.js';
import { targetText } from './target.js';
import { dateTime, section } from './table.js';

/**
 * What a run is doing, for people. `now` in milliseconds since 1970, for the time that is left; `host`: how its host is
 * isolated now, where that could be asked.
 */
export function statusText(
  status: ContainmentStatus,
  webUrl: string | null,
  now: number,
  host: HostStatus | null = null,
): string {
  const { processes: p, isolation } = status;
  const ask = askText(status);
  const head = status.verdict === null ? `RUNNING (${status.step})` : status.verdict.toUpperCase();
  return [
    `${head}  ${status.target ? targetText(status.target) : status.workflowId}`,
    status.summary,
    '',
    ...section(
      'waiting',
      status.waitingFor.map((w) => `for ${w.what}${left(w.deadline, now)}`),
    ),
    ...section('next', ask === null ? [] : [ask]),
    ...(status.step === 'approval' && status.approval !== null ? planLines(status.approval.plan) : []),
    ...section('isolation', [isolation.outcome]),
    ...(host === null ? [] : section('host now', [host.summary])),
    ...(host === null ? [] : hostLines(host)),
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
