import { dot, ruleX, text, tickX } from '@observablehq/plot';
import type { LastKill } from '../../bench/parts/last-kill.js';
import { median } from '../../bench/measure/statistics.js';
import { svgOf } from './svg.js';

const WHO = ['script', 'playbook'] as const;
const COLOR = { script: '#8c959f', playbook: '#0969da' };

/** Command to last kill, each run a dot, the medians as ticks: the script behind the blog post and the playbook. */
export function lastKillPlot(all: readonly LastKill[]): string {
  const runs = all.flatMap(({ checkinSeconds, samples }) =>
    samples.flatMap((sample) =>
      WHO.map((who) => ({
        row: `check-in ${checkinSeconds} s, ${who}`,
        who,
        seconds: sample[who].lastKillMs / 1_000,
      })),
    ),
  );
  const rows = [...new Set(runs.map(({ row }) => row))];
  const medians = rows.map((row) => {
    const own = runs.filter((run) => run.row === row);
    return { row, who: own[0]!.who, seconds: median(own.map(({ seconds }) => seconds)) };
  });
  const color = ({ who }: { who: (typeof WHO)[number] }): string => COLOR[who];
  return svgOf('Command to last kill: the script and the playbook', {
    marginLeft: 170,
    marginRight: 110,
    height: 60 + 44 * rows.length,
    x: { type: 'log', label: 'seconds (log scale) →', labelAnchor: 'right', grid: true },
    y: { domain: rows, label: null },
    marks: [
      ruleX([0.5], { stroke: 'none' }),
      dot(runs, { x: 'seconds', y: 'row', r: 3, stroke: color, strokeOpacity: 0.7 }),
      tickX(medians, { x: 'seconds', y: 'row', stroke: color, strokeWidth: 3 }),
      text(medians, {
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: 8,
        y: 'row',
        text: (d: { seconds: number }) => `median ${d.seconds.toFixed(2)} s`,
      }),
    ],
  });
}
