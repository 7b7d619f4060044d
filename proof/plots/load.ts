import { line, ruleX, ruleY, text } from '@observablehq/plot';
import { svgOf } from './svg.js';

/** Seconds from the first call to each host's last kill. */
export interface LoadPlot {
  hosts: number;
  ours: { doneS: number[] };
  vendor: { doneS: number[] } | null;
  /** When all would be done if each wave waited a whole check-in, s: with the slots we use, and with all of the server's. */
  limits: { ours: { wholeWaitsS: number }; server: { wholeWaitsS: number } };
}

/** Hosts done over time: the playbook, the vendor client's own scheduler, and the limits. */
export function loadPlot({ hosts, ours, vendor, limits }: LoadPlot): string {
  const series = [
    { who: 'playbook, 8 slots', color: '#0969da', doneS: ours.doneS },
    ...(vendor ? [{ who: 'cbapi, 10 workers', color: '#8c959f', doneS: vendor.doneS }] : []),
  ];
  const ends = series.map(({ who, color, doneS }) => ({ who, color, s: doneS.at(-1) ?? 0, n: doneS.length }));
  const waves = [
    { who: 'waves × check-in, 8 slots', s: limits.ours.wholeWaitsS },
    { who: 'waves × check-in, 10 slots', s: limits.server.wholeWaitsS },
  ];
  return svgOf(`${hosts} hosts at once: hosts done over time`, {
    height: 380,
    marginLeft: 56,
    marginRight: 130,
    x: { label: 'seconds since the first call →', labelAnchor: 'right', grid: true, zero: true },
    y: { label: '↑ hosts with every process dead', grid: true, domain: [0, hosts] },
    marks: [
      ruleY([0]),
      ruleX(waves, { x: 's', stroke: '#cf222e', strokeDasharray: '4,3' }),
      text(waves, {
        x: 's',
        frameAnchor: 'bottom',
        text: 'who',
        rotate: -90,
        textAnchor: 'start',
        dx: -7,
        dy: -6,
        fill: '#cf222e',
      }),
      ...series.map(({ color, doneS }) =>
        line([{ s: 0, n: 0 }, ...doneS.map((s, i) => ({ s, n: i + 1 }))], {
          x: 's',
          y: 'n',
          stroke: color,
          strokeWidth: 2,
        }),
      ),
      ...ends.map((end) =>
        text([end], {
          x: 's',
          y: 'n',
          text: () => `${end.who}: ${Math.round(end.s)} s`,
          fill: end.color,
          textAnchor: 'start',
          dx: 5,
        }),
      ),
    ],
  });
}
