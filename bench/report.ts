import type { Contestant } from './measure/schedule.js';
import type { LastKill } from './parts/last-kill.js';
import { type Results, type Target, targetsOf } from './results.js';

/** The results as Markdown: what stands between the marks in docs/performance.md. */
export function reportOf(results: Results, file: string | null): string {
  const { machine: m, at, seed, tookSeconds } = results;
  const parts = [
    `Measured ${at.slice(0, 10)}, ${Math.round(tookSeconds / 60)} minutes, seed ${seed}, at commit ${m.commit ?? 'unknown'}. ` +
      `${m.cpu}, ${m.cores} cores, ${m.memoryGiB} GiB, ${m.system}; Node ${m.node}; ${m.temporal}; ` +
      `load in the minute before ${m.loadBefore}.${file === null ? '' : ` Every sample is in [\`${file}\`](../${file}).`}`,
    table(['Promise', 'Limit', 'Measured', ''], targetsOf(results).map(targetRow)),
  ];
  if (results.lastKill) parts.push('### Command to last kill', lastKillTable(results.lastKill));
  if (results.requests) parts.push('### Requests', requestTable(results.requests));
  if (results.overhead) {
    const { overhead, workflowOverhead, waited, total, n, checkinSeconds } = results.overhead;
    parts.push(
      '### Engine overhead',
      table(
        [`${n} runs, check-in ${checkinSeconds} s`, 'median', 'p95', 'most'],
        (
          [
            ['overhead, from the call to the receipt in hand', overhead],
            ['overhead, the workflow alone', workflowOverhead],
            ['waiting for the host', waited],
            ['both together', total],
          ] as const
        ).map(([what, s]) => [what, ms(s.median), ms(s.p95), ms(s.max)]),
      ),
    );
  }
  if (results.startUp) {
    const { workerPolling, help, commandToWish, n } = results.startUp;
    parts.push(
      '### Start-up',
      table(
        [`${n} starts each`, 'median', 'p95', 'most'],
        (
          [
            ['`cb-playbook worker` until it polls', workerPolling],
            ['`cb-playbook --help`', help],
            ['`cb-playbook contain` until the wish stands on the server', commandToWish],
          ] as const
        ).map(([what, s]) => [what, ms(s.median), ms(s.p95), ms(s.max)]),
      ),
    );
  }
  return parts.join('\n\n');
}

function targetRow({ what, unit, value, limit, strictly, met }: Target): string[] {
  const say = { ms, ratio: (x: number) => `${x.toFixed(2)} ×`, requests: String }[unit];
  return [what, `${strictly ? 'below' : 'at most'} ${say(limit)}`, say(value), met ? 'met' : '**missed**'];
}

function lastKillTable(all: readonly LastKill[]): string {
  const row = (one: LastKill, who: Contestant): string[] => [
    `${one.checkinSeconds} s`,
    who,
    seconds(one[who].median),
    seconds(one[who].p95),
    `${one.byLimit[who].median.toFixed(2)} ×`,
    `${one.byLimit[who].p95.toFixed(2)} ×`,
    `${one.missedCheckins[who]} of ${one.n}`,
  ];
  const titles = [
    'Check-in',
    'Who',
    'median',
    'p95',
    'from wish, by the limit',
    'p95',
    'wish and session on two check-ins',
  ];
  return table(
    titles,
    all.flatMap((one) => [row(one, 'script'), row(one, 'playbook')]),
  );
}

function requestTable({ playbook, script, checkinSeconds }: NonNullable<Results['requests']>): string {
  const routes = [...new Set([...Object.keys(playbook.routes), ...Object.keys(script.routes)])];
  const rows = routes.map((route) => [
    `\`${route}\``,
    String(playbook.routes[route] ?? 0),
    String(script.routes[route] ?? 0),
  ]);
  return table(
    [`Route, check-in ${checkinSeconds} s`, 'playbook', 'script'],
    [
      ...rows,
      ['all', String(playbook.total), String(script.total)],
      ['all, a repeated GET once', String(playbook.byRule), String(script.byRule)],
    ],
  );
}

const ms = (value: number): string => `${Math.round(value)} ms`;
const seconds = (value: number): string => `${(value / 1_000).toFixed(2)} s`;

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}
