import type { PlaybookClient } from '../../client/playbook-client.js';
import type { Cb, Sensor } from './cb.js';
import type { Hand, SelftestClock } from './hand.js';
import type { OpenOptions } from './live.js';
import type { Marker, Recipe } from './marker.js';
import { SELFTEST_SCHEMA, type SelftestReceipt } from './receipt.js';

/** What the self-test needs of the playbook: only what anybody's automation has. */
export type SelftestPlaybook = Pick<
  PlaybookClient,
  'brakes' | 'cancel' | 'check' | 'containEndpoint' | 'hostStatus' | 'status' | 'undo' | 'waitForReceipt'
>;

/** Milliseconds. Those that are `null` follow from the sensor's check-in interval. */
export interface Limits {
  /** How long a server in trouble is tried again. */
  patienceMs: number;
  commandMs: number;
  /** Until a Live Response session is active. */
  sessionMs: number | null;
  containMs: number | null;
  /** Until an undo has ended, its release confirmed. */
  undoMs: number | null;
  /** So long no worker may poll while the containment or its undo is under way. */
  noWorkerMs: number;
}

export const LIMITS: Limits = {
  patienceMs: 120_000,
  commandMs: 120_000,
  sessionMs: null,
  containMs: null,
  undoMs: null,
  noWorkerMs: 120_000,
};

export interface SelftestDeps {
  cb: Cb;
  playbook: SelftestPlaybook;
  clock: SelftestClock;
  /** So many bytes that nobody has had before. */
  random(bytes: number): Buffer;
  /** Ctrl-C: what was made is put back, and the self-test has failed. */
  signal?: AbortSignal;
  /** Progress, for people. */
  note(line: string): void;
  /** Keeps the receipt as it stands now: also one that is ended from outside leaves word of what it made. */
  save(receipt: SelftestReceipt): Promise<void>;
  limits?: Partial<Limits>;
}

export interface SelftestRequest {
  hostname?: string;
  sensorId?: number;
  /** Instead of what is usual on that system. */
  recipe?: Partial<Recipe>;
  reason?: string;
  /** Who asks. */
  by?: string;
}

/** One self-test under way: what it knows, and what it has made and not put back yet. */
export interface Lab {
  deps: SelftestDeps;
  request: SelftestRequest;
  hand: Hand;
  limits: Limits;
  receipt: SelftestReceipt;
  sensor: Sensor | null;
  recipe: Recipe | null;
  marker: Marker | null;
  /** Live Response sessions of ours that stand. */
  sessions: Set<number>;
  /** The marker's file is, or may be, on the host. */
  fileMade: boolean;
  /** The marker was, or may have been, started. */
  started: boolean;
  run: { workflowId: string; runId: string } | null;
  undone: boolean;
}

export const FACT_LEAST_MS = 5 * 60_000;
const CONTAIN_LEAST_MS = 15 * 60_000;
const DEFAULT_INTERVAL_MS = 60_000;

export async function newLab(deps: SelftestDeps, request: SelftestRequest): Promise<Lab> {
  const limits = { ...LIMITS, ...deps.limits };
  const at = new Date(await deps.clock.now()).toISOString();
  const receipt: SelftestReceipt = {
    schema: SELFTEST_SCHEMA,
    verdict: 'failed',
    summary: 'The self-test has not come to its end.',
    exitCode: 1,
    id: deps.random(6).toString('hex'),
    startedAt: at,
    endedAt: at,
    ended: false,
    server: { name: deps.cb.serverName, version: null },
    sensor: null,
    versions: { playbook: '', node: process.version, temporal: null },
    by: request.by ?? null,
    marker: null,
    objections: [],
    steps: [],
    contain: null,
    undo: null,
    putBack: [],
    notes: [],
  };
  const { cb, clock, signal } = deps;
  return {
    deps,
    request,
    hand: { cb, clock, signal, patienceMs: limits.patienceMs },
    limits,
    receipt,
    sensor: null,
    recipe: null,
    marker: null,
    sessions: new Set(),
    fileMade: false,
    started: false,
    run: null,
    undone: false,
  };
}

/** The sensor that was looked up; there from the first step on. */
export function sensorOf(lab: Lab): Sensor {
  if (lab.sensor === null) throw new Error('No sensor was looked up.');
  return lab.sensor;
}

/** How long the sensor is given to check in so many times, ms. */
export function checkins(lab: Lab, times: number): number {
  return times * intervalMs(lab.sensor);
}

/** As the server expects it. */
export function intervalMs(sensor: Sensor | null): number {
  if (sensor?.lastCheckin == null || sensor.nextCheckin == null) return DEFAULT_INTERVAL_MS;
  return Math.max(1_000, sensor.nextCheckin - sensor.lastCheckin);
}

export function factMs(lab: Lab): number {
  return Math.max(FACT_LEAST_MS, checkins(lab, 3));
}

export function containMs(lab: Lab): number {
  return lab.limits.containMs ?? Math.max(CONTAIN_LEAST_MS, checkins(lab, 10));
}

export function undoMs(lab: Lab): number {
  return lab.limits.undoMs ?? Math.max(2 * FACT_LEAST_MS, checkins(lab, 5));
}

/** How Live Response sessions of this self-test are opened. */
export function sessionOptions(lab: Lab, useOthers: boolean): OpenOptions {
  return {
    sensorId: sensorOf(lab).id,
    waitMs: lab.limits.sessionMs ?? factMs(lab),
    commandMs: lab.limits.commandMs,
    useOthers,
    opened: (id) => lab.sessions.add(id),
    closed: (id) => lab.sessions.delete(id),
  };
}
