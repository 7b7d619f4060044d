import type { ProcessReport, Receipt } from '../contract/index.js';
import type { Containment } from './containment.js';
import { planDetails } from './plan-details.js';
import { summaryOf } from './summary.js';
import { isoOrNull } from './time.js';

const MOST_PIDS = 8;

/** Current details in Markdown, as a tired operator reads them in Temporal Web. */
export function currentDetails(run: Containment, receipt: Receipt | null): string {
  const target = run.resolved?.target;
  const lines = [
    receipt === null
      ? `### ${run.host}: ${run.shownStep}`
      : `### ${receipt.verdict.toUpperCase()} · ${run.host}`,
    receipt?.summary ?? summaryOf(run),
    target ? `Sensor **${target.sensorId}** on \`${target.server}\`, ${target.os || 'system unknown'}` : '',
    [
      '| step | state |',
      '|---|---|',
      `| isolate | ${run.wanted.isolate ? run.isolation.outcome : 'not asked for'} ${run.isolation.confirmedAt ?? ''} |`,
      `| kill | ${killWords(run)} |`,
      `| ban | ${banWords(run)} |`,
      `| on failure | ${run.policy.policy}${run.policy.changedBy ? ` (set by ${run.policy.changedBy})` : ''} |`,
    ].join('\n'),
    waits(run),
    run.approval.question === null ? '' : planDetails(run, run.approval.question),
    run.problems.map((p) => `- **${p.type}** (${p.step}): ${p.message}`).join('\n'),
    run.requestedBy
      .map((r) => `- asked for by ${r.who ?? 'somebody'} at ${r.at}${r.reason ? `: ${r.reason}` : ''}`)
      .join('\n'),
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

function killWords(run: Containment): string {
  if (!run.wanted.kill) return 'not asked for';
  const all = [...run.processes.values()];
  const alive = run.liveMatches;
  if (all.length === 0) return 'nothing found yet';
  const dead = all.filter((process) => !alive.includes(process));
  const living = alive.length > 0 ? `, **${alive.length} alive**${pidsOf(alive)}` : '';
  return `${dead.length} of ${all.length} dead${pidsOf(dead)}${living}`;
}

function pidsOf(processes: readonly ProcessReport[]): string {
  if (processes.length === 0) return '';
  const shown = processes.slice(0, MOST_PIDS).map(({ pid }) => pid);
  return ` (pid ${shown.join(', ')}${processes.length > MOST_PIDS ? ', …' : ''})`;
}

function banWords(run: Containment): string {
  const bans = [...run.bans.values()];
  return bans.length === 0 ? 'none yet' : bans.map((b) => `\`${b.md5}\` ${b.outcome}`).join(', ');
}

function waits(run: Containment): string {
  return [...run.waitingFor]
    .map(
      ([what, deadline]) =>
        `- waiting for ${what}${deadline === null ? '' : `, until ${isoOrNull(deadline)}`}`,
    )
    .join('\n');
}
