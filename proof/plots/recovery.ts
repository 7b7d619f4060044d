import { dot, ruleX, text, tickX } from '@observablehq/plot';
import { median } from '../../bench/measure/statistics.js';
import { svgOf } from './svg.js';

/** One point at which a worker was killed. */
export interface Recovery {
  scenario: string;
  kind: string;
  /** From the SIGKILL to the end of the run, ms. */
  recoveryMs: number;
}

const COLORS = ['#0969da', '#bf3989', '#1a7f37', '#9a6700'];

/** From SIGKILL to the end of the run, each point a dot, in a row for each scenario and kind of point. */
export function recoveryPlot(points: readonly Recovery[]): string {
  const samples = points.map((point) => ({
    row: `${point.scenario}, ${point.kind}`,
    kind: point.kind,
    seconds: point.recoveryMs / 1_000,
  }));
  const rows = [...new Set(samples.map(({ row }) => row))];
  const kinds = [...new Set(samples.map(({ kind }) => kind))];
  const color = ({ kind }: { kind: string }): string => COLORS[kinds.indexOf(kind) % COLORS.length]!;
  const medians = rows.map((row) => {
    const own = samples.filter((sample) => sample.row === row);
    return { row, kind: own[0]!.kind, seconds: median(own.map(({ seconds }) => seconds)) };
  });
  return svgOf('Worker killed by SIGKILL: from the kill to the end of the run', {
    marginLeft: 210,
    marginRight: 110,
    height: 70 + 30 * rows.length,
    x: { label: 'seconds →', labelAnchor: 'right', grid: true, zero: true },
    y: { domain: rows, label: null },
    marks: [
      ruleX([0]),
      dot(samples, { x: 'seconds', y: 'row', r: 2.5, stroke: color, strokeOpacity: 0.6 }),
      tickX(medians, { x: 'seconds', y: 'row', stroke: color, strokeWidth: 3 }),
      text(medians, {
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: 8,
        y: 'row',
        text: (d: { seconds: number }) => `median ${d.seconds.toFixed(1)} s`,
      }),
    ],
  });
}
