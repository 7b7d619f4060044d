import { median } from '../../bench/measure/statistics.js';
import { replayCommand, type PartResult, type ProofOptions, type Row, type Violation } from '../part.js';
import type { Sample } from './kill-batch.js';
import type { ScenarioResult } from './run-scenario.js';

export function resultOf(results: readonly ScenarioResult[], o: Pick<ProofOptions, 'seed'>): PartResult {
  return {
    rows: results.map(rowOf),
    violations: results.flatMap(({ samples }) => samples.flatMap((sample) => violationsOf(sample, o))),
    data: {
      scenarios: results.map(({ scenario, samples, ...rest }) => ({
        name: scenario.name,
        ...rest,
        tried: samples.length,
        http: samples.filter((s) => s.kind === 'http').length,
        history: samples.filter((s) => s.kind === 'history').length,
        notReached: samples.filter((s) => !s.reached).map((s) => s.point),
        recovery: recoveryOf(samples),
      })),
      samples: results.flatMap(({ samples }) => samples),
    },
  };
}

function rowOf({ scenario, samples, points, moments, missedMoments }: ScenarioResult): Row {
  const { medianMs, worst, medianBeyondMs } = recoveryOf(samples);
  const missed = samples.filter((s) => !s.reached).length;
  return {
    attack: scenario.attack,
    promise: scenario.promise,
    tried: samples.length,
    held: samples.filter((s) => s.reached && s.wrong.length === 0).length,
    measured: [
      `${samples.filter((s) => s.kind === 'history').length} points on the way to Temporal, ` +
        `${samples.filter((s) => s.kind === 'http').length} at requests, of ${points} in a run`,
      `${moments - missedMoments.length} of ${moments} moments of the histories`,
      ...(missed > 0 ? [`${missed} not reached`] : []),
      `recovery: median ${seconds(medianMs)}, ${seconds(medianBeyondMs)} of it lost; worst ${seconds(worst?.recoveryMs)} (${worst?.point ?? 'none'})`,
    ].join('; '),
  };
}

function recoveryOf(samples: readonly Sample[]): {
  medianMs: number;
  medianBeyondMs: number;
  worstBeyondMs: number;
  worst: Sample | null;
} {
  const ended = samples.filter((s) => s.reached && s.recoveryMs !== null);
  const by = (a: Sample, b: Sample): number => (b.recoveryMs ?? 0) - (a.recoveryMs ?? 0);
  return {
    medianMs: median(ended.map((s) => s.recoveryMs as number)),
    medianBeyondMs: median(ended.map((s) => s.beyondUndisturbedMs as number)),
    worstBeyondMs: Math.max(...ended.map((s) => s.beyondUndisturbedMs as number)),
    worst: [...ended].sort(by)[0] ?? null,
  };
}

function violationsOf(
  { scenario, point, wrong, reached }: Sample,
  o: Pick<ProofOptions, 'seed'>,
): Violation[] {
  if (wrong.length === 0) return [];
  const where = reached ? point : `${point} (not reached, killed elsewhere)`;
  return [
    {
      what: `${scenario}: the worker was killed at ${where}: ${wrong.join('; ')}`,
      replay: replayCommand('kill-points', o, `${scenario}/${point}`),
    },
  ];
}

function seconds(ms: number | null | undefined): string {
  return ms == null ? 'none' : `${(ms / 1_000).toFixed(1)} s`;
}
