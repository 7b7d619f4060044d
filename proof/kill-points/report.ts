import { median } from '../../bench/measure/statistics.js';
import type { Receipt } from '../../contract/index.js';
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
        notReached: samples.filter((s) => s.missed !== null).map(({ point, missed }) => ({ point, missed })),
        recovery: recoveryOf(samples),
      })),
      samples: results.flatMap(({ samples }) => samples),
    },
  };
}

/** Of a scenario's points, the share that may be steps which runs seldom take: more is no chance any more. */
const SELDOM = 0.05;

/** Points that no run came by in all its tries: a third refusal of one undo, say, depends on when the sensor checks in. */
function seldomTaken(samples: readonly Sample[]): Sample[] {
  const seldom = samples.filter((s) => s.missed === 'not there' && s.wrong.length === 0);
  return seldom.length <= Math.ceil(SELDOM * samples.length) ? seldom : [];
}

function rowOf({ scenario, samples, points, moments, missedMoments, omitted, again }: ScenarioResult): Row {
  const { medianMs, worst, medianBeyondMs } = recoveryOf(samples);
  const seldom = seldomTaken(samples);
  const missed = samples.filter((s) => s.missed !== null && !seldom.includes(s));
  const reached = samples.filter((s) => s.missed === null);
  return {
    attack: scenario.attack,
    promise: scenario.promise,
    tried: samples.length - seldom.length,
    held: reached.filter((s) => s.wrong.length === 0).length,
    measured: [
      `${samples.filter((s) => s.kind === 'history').length} points on the way to Temporal, ` +
        `${samples.filter((s) => s.kind === 'http').length} at requests, of ${points} in a run`,
      `${moments - missedMoments.length} of ${moments} events were once the last ones that stood when it died`,
      `not killed at ${omitted.repeats} further repeats of a look and ${omitted.unshared} steps that not every undisturbed run takes`,
      `no run stood longer than ${seconds(Math.max(0, ...reached.map((s) => s.stoodMs)))} at its point`,
      ...playedAgain(again),
      ...(seldom.length > 0
        ? [`no run came by ${seldom.map((s) => s.point).join(', ')} any more, which is not counted`]
        : []),
      ...(missed.length > 0
        ? [
            `${missed.length} not killed at their points, which is not held: ${missed.map((s) => `${s.point} (${s.missed})`).join(', ')}`,
          ]
        : []),
      `recovery: median ${seconds(medianMs)}, ${seconds(medianBeyondMs)} of it lost; worst ${seconds(worst?.recoveryMs)} (${worst?.point ?? 'none'})`,
    ].join('; '),
  };
}

function playedAgain(again: ScenarioResult['again']): string[] {
  const why = Object.entries(again).map(([missed, times]) => `${times} ${missed}`);
  return why.length === 0 ? [] : [`played again, not counted: ${why.join(', ')}`];
}

function recoveryOf(samples: readonly Sample[]): {
  medianMs: number;
  medianBeyondMs: number;
  worstBeyondMs: number;
  worst: Sample | null;
} {
  const ended = samples.filter((s) => s.recoveryMs !== null);
  const by = (a: Sample, b: Sample): number => (b.recoveryMs ?? 0) - (a.recoveryMs ?? 0);
  return {
    medianMs: median(ended.map((s) => s.recoveryMs as number)),
    medianBeyondMs: median(ended.map((s) => s.beyondUndisturbedMs as number)),
    worstBeyondMs: Math.max(...ended.map((s) => s.beyondUndisturbedMs as number)),
    worst: [...ended].sort(by)[0] ?? null,
  };
}

function violationsOf(
  { scenario, point, wrong, missed, evidence }: Sample,
  o: Pick<ProofOptions, 'seed'>,
): Violation[] {
  if (wrong.length === 0) return [];
  const where = missed === null ? point : `${point} (${missed}: killed elsewhere)`;
  const effects = evidence?.ledger.map((e) => (e.pid === undefined ? e.effect : `${e.effect} ${e.pid}`));
  return [
    {
      what:
        `${scenario}: the worker was killed at ${where}: ${wrong.join('; ')}. ` +
        (evidence === null ? '' : `Ledger: ${effects?.join(', ')}. Receipt: ${told(evidence.receipt)}`),
      replay: replayCommand('kill-points', o, `${scenario}/${point}`),
    },
  ];
}

/** The part of a receipt that is about what was done. */
function told(receipt: Receipt | null): string {
  if (receipt === null) return 'none';
  const { verdict, summary, processes, bans, undo, sessions, problems } = receipt;
  const killed = processes.map(({ pid, outcome, why }) => ({ pid, outcome, why }));
  return JSON.stringify({ verdict, summary, processes: killed, bans, undo, sessions, problems });
}

function seconds(ms: number | null | undefined): string {
  return ms == null || !Number.isFinite(ms) ? 'none' : `${(ms / 1_000).toFixed(1)} s`;
}
