import type { Policy } from './policy.js';
import { MEMO_KEYS } from './names.js';
import type { IsoTime } from './target.js';

/** One a namespace. */
export const BRAKES_ID = 'brakes';

/** The limits' hour, which slides, in milliseconds. */
export const BRAKES_HOUR_MS = 3_600_000;

/** Pauses and their ends that are remembered. */
export const BRAKES_MOST_EVENTS = 20;

/** Who stopped the playbook, since when and why. */
export interface Pause {
  by: string | null;
  since: IsoTime;
  why: string;
}

/** One containment that was let through within the last hour. */
export interface Admission {
  /** `<workflow id>/<run id>`. */
  run: string;
  /** Milliseconds since 1970. */
  at: number;
  /** The limit that was overridden, in words; `null`: none. */
  letThrough: string | null;
}

/** A sensor that containments isolate, or are about to. */
export interface CountedSensor {
  sensorId: number;
  hostname: string;
  since: IsoTime;
  /** The containments that were let through for it, newest last; at most ten are kept. */
  runs: { workflowId: string; runId: string }[];
  /** The brakes' own count when the last was let through for it: who looked before that does not take it off by what they saw. */
  admissions: number;
}

export interface BrakesEvent {
  at: IsoTime;
  what: string;
}

/** What a continued run, or the heir of one that was ended from outside, takes over; also the memo of the brakes. */
export interface BrakesCarried {
  paused: Pause | null;
  lastHour: Admission[];
  isolated: CountedSensor[];
  /** Pauses and their ends, newest last; at most twenty are kept. */
  events: BrakesEvent[];
  /** How many isolating containments were ever let through: never repeats. Absent in memos of older runs. */
  admitted?: number;
}

/** Argument of `brakes`; absent at the very start. */
export interface BrakesInput {
  carried?: BrakesCarried;
}

/** Answer of the query `brakes`, and of the updates `pause` and `resume`. */
export interface BrakesState {
  paused: boolean;
  by: string | null;
  since: IsoTime | null;
  why: string | null;
  /** Containments that were let through within the hour before `asOf`. */
  lastHour: number;
  /** Sensors that count as isolated by containments; one that was released stays until its place is asked for. */
  isolated: Pick<CountedSensor, 'sensorId' | 'hostname' | 'since'>[];
  events: BrakesEvent[];
  asOf: IsoTime;
}

/** Update `pause`; a second one changes nothing but the list of events. */
export interface PauseArgs {
  who: string | null;
  why: string;
}

/** Update `resume`. */
export interface ResumeArgs {
  who: string | null;
  why: string | null;
}

export interface PauseResult {
  /** False: it was so already. */
  changed: boolean;
  state: BrakesState;
}

/** Update `admit`. The same run again gets the same answer, once it was let through. */
export interface AdmitArgs {
  workflowId: string;
  runId: string;
  sensorId: number;
  hostname: string;
  isolate: boolean;
  limits: Policy['limits'];
  override: boolean;
  /** Counted sensors that the caller has seen released, each with the count it saw. */
  gone: Pick<CountedSensor, 'sensorId' | 'admissions'>[];
}

export interface AdmitAnswer {
  admitted: boolean;
  type: 'Paused' | 'LimitReached' | null;
  why: string | null;
  /** Where no place is left: who takes them, so that the caller can see which are free again. */
  counted: CountedSensor[];
}

/** The brakes as people see them, from what their memo says. `now` in milliseconds since 1970. */
export function brakesState(carried: BrakesCarried, now: number): BrakesState {
  const { paused, lastHour, isolated, events } = carried;
  return {
    paused: paused !== null,
    by: paused?.by ?? null,
    since: paused?.since ?? null,
    why: paused?.why ?? null,
    lastHour: lastHour.filter((a) => a.at > now - BRAKES_HOUR_MS).length,
    isolated: isolated.map(({ sensorId, hostname, since }) => ({ sensorId, hostname, since })),
    events,
    asOf: new Date(now).toISOString(),
  };
}

/** What the brakes wrote down last, running or ended from outside: a pause outlives whoever terminates them. */
export function brakesMemo(memo: Record<string, unknown> | undefined): BrakesCarried | null {
  return (memo?.[MEMO_KEYS.brakes] as BrakesCarried | undefined) ?? null;
}

/** How the brakes are started, by the worker and by the client library alike. */
export function brakesStart(carried: BrakesCarried | null): {
  workflowId: string;
  args: [BrakesInput];
  memo: Record<string, unknown>;
  staticSummary: string;
} {
  return {
    workflowId: BRAKES_ID,
    args: [carried === null ? {} : { carried }],
    // The heir is known to be paused before its first task is done.
    memo: carried === null ? {} : { [MEMO_KEYS.brakes]: carried },
    staticSummary: 'Brakes of the playbook: pause, limits',
  };
}

/** What a containment is told that is not let through, in words of a sentence. */
export function pausedWords({ by, since, why }: Pick<BrakesState, 'by' | 'since' | 'why'>): string {
  return `The playbook was paused by ${by ?? 'somebody'} at ${since ?? 'some time'}: ${why ?? 'no reason given'}. Let it go on: cb-playbook resume.`;
}
