import type { Contestant } from './measure/schedule.js';
import type { LastKill } from './parts/last-kill.js';
import type { Leases } from './parts/leases.js';
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
  if (results.guardRails) {
    const { n, checkinSeconds, plan, waited } = results.guardRails;
    parts.push(
      '### Guard rails',
      table(
        [`${n} plans, check-in ${checkinSeconds} s`, 'median', 'p95', 'most'],
        (
          [
            ['from the call to the plan in hand, beyond the check-in', plan],
            ['waiting for the check-in', waited],
          ] as const
        ).map(([what, s]) => [what, ms(s.median), ms(s.p95), ms(s.max)]),
      ),
    );
  }
  if (results.leases) parts.push('### Leases', leaseTable(results.leases));
  return parts.join('\n\n');
}

function leaseTable({
  n,
  watchEverySeconds,
  takenASecond,
  takenAgain,
  memory,
  idle,
  day,
  expiry,
  heapMiB,
}: Leases): string {
  const most = memory.samples.reduce((a, b) => (b.cached > a.cached ? b : a));
  const last = memory.samples.at(-1) ?? most;
  const aLook = (cpuMs: number): string => `${(cpuMs / idle.looks).toFixed(1)} ms a look`;
  return table(
    [`${n} leases`, 'measured'],
    [
      [
        'taken, wish written, by one worker',
        `${takenASecond.toFixed(1)} a second; ${takenAgain} calls were sent again`,
      ],
      [
        `resident memory of the worker${heapMiB ? `, its heap allowed ${heapMiB} MiB` : ''}`,
        `${Math.round(most.rssMiB)} MiB with ${most.cached} leases in its cache, ${Math.round(last.rssMiB)} MiB with ${last.held} held`,
      ],
      [
        'of it for each cached lease',
        `${memory.liveKbALease.toFixed(0)} KB live, ${memory.residentKbALease.toFixed(0)} KB with the garbage of the work that was done meanwhile`,
      ],
      [
        `an idle minute, each sensor looked at every ${watchEverySeconds} s`,
        `${idle.looks} looks, ${seconds(idle.workerMs)} of CPU for the worker (${aLook(idle.workerMs)}), ` +
          `${seconds(idle.temporalMs)} for the dev server (${aLook(idle.temporalMs)})`,
      ],
      [
        'one lease at the default pace, a day of skipped time',
        `${day.eventsADay} events, ${Math.round(day.looksADay)} looks; ${day.toConfirm} events until it was confirmed`,
      ],
      [
        `all end within ${expiry.overSeconds} s: from its own end to the wish withdrawn`,
        `median ${seconds(expiry.late.median)}, p95 ${seconds(expiry.late.p95)}, most ${seconds(expiry.late.max)}`,
      ],
      [
        'to the host released, by its own check-in',
        `median ${seconds(expiry.lateReleased.median)}, p95 ${seconds(expiry.lateReleased.p95)}, most ${seconds(expiry.lateReleased.max)}`,
      ],
      [
        'from the first wish withdrawn',
        `${Math.round(expiry.spreadSeconds)} s to the last one, ${Math.round(expiry.closedSeconds)} s to the last lease closed; ${expiry.unanswered} of the calls that set an end were sent again`,
      ],
    ],
  );
}

function targetRow({ what, unit, value, limit, strictly, met }: Target): string[] {
  const say = {
    ms,
    ratio: (x: number) => `${x.toFixed(2)} ×`,
    requests: String,
    kb: (x: number) => `${x.toFixed(1)} KB`,
    events: String,
    leases: String,
  }[unit];
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
