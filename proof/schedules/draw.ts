import type { Knobs } from '../../simulator/index.js';
import { drawHosts } from './draw-hosts.js';
import { drawBans, drawRequest } from './draw-request.js';
import { drawEvents, drawFaults } from './draw-trouble.js';
import { Random } from './random.js';
import type { HostPlan, RunPlan, Schedule, Stage } from './schedule.js';

const MINUTE = 60_000;
/** Crash schedules share a server, a simulator and worker processes, so many of them; every fifth seed is one. */
export const GROUP = 5;
const EVERY = 5;

export function stageOf(n: number): Stage {
  return n % EVERY === 0 ? 'crash' : 'skipped';
}

/** The seeds whose schedules run in one world with this one: by itself, or its group. */
export function groupOf(n: number): number[] {
  if (stageOf(n) === 'skipped') return [n];
  const block = Math.ceil(n / (GROUP * EVERY)) - 1;
  return Array.from({ length: GROUP }, (_, i) => block * GROUP * EVERY + (i + 1) * EVERY);
}

/**
 * The schedule of one seed, the same one for ever.
 * @param base the seed of the whole proof
 * @param n which of its schedules, from 1; it decides the stage
 */
export function drawSchedule(base: number, n: number): Schedule {
  const random = new Random(Math.imul(base, 31) + n);
  const stage = stageOf(n);
  const first = 10 * (groupOf(n).indexOf(n) + 1);
  const hosts = drawHosts(random, n, stage, first);
  const runs = drawRuns(random, n, hosts, stage);
  return {
    seed: n,
    stage,
    profile: stage === 'crash' ? '7.5' : random.one(['7.5', '7.5', '6.2', '5.2'] as const),
    knobs: drawKnobs(random, stage),
    checkinSeconds: stage === 'crash' ? 1 : random.one([30, 30, 30, 60, 300]),
    checkinPhase: random.int(0, 99) / 100,
    fillers: random.one([10, 10, 10, 40, 300]),
    hosts,
    bans: hosts.flatMap((host) => drawBans(random, n, host)),
    runs,
    faults: drawFaults(random, stage),
    events: drawEvents(random, { seed: n, stage, hosts, runs }),
    liftMs: stage === 'crash' ? random.int(12_000, 20_000) : random.size(2 * MINUTE, 4 * 60 * MINUTE),
  };
}

function drawRuns(random: Random, n: number, hosts: HostPlan[], stage: Stage): RunPlan[] {
  return hosts.flatMap((plan, host) => {
    // The first one always; of the others some are only there to be left alone.
    if (host > 0 && random.percent(50)) return [];
    const request = drawRequest(random, n, plan, stage);
    return [{ host, request, workflowId: random.percent(10) ? `alert-${n}-${host}` : null }];
  });
}

/** In a group of the crash stage the first schedule's knobs count. */
function drawKnobs(random: Random, stage: Stage): Partial<Knobs> {
  return {
    ...(stage === 'crash'
      ? { indexLagMs: random.size(500, 6_000) }
      : { indexLag: random.one(['60s', '60s', '15min'] as const) }),
    factReporting: random.one(['same-checkin', 'same-checkin', 'next-checkin'] as const),
    secondSession: random.one(['404', '404', 'new-session'] as const),
    sessionLimitReply: random.one(['409', '404', '500', '503'] as const),
    closeReply: random.one(['old-status', 'close'] as const),
    keepaliveOnPending: random.one(['closes', 'ignored'] as const),
    banPost: random.one(['409-enabled-200-disabled', '200-enabled-409-disabled'] as const),
    idleLimit: random.one(['session-timeout', 'sensor-wait-timeout'] as const),
    closedSessionRead: random.one(['close', 'old-status', 'not-found'] as const),
    timedOutSessionRead: random.one(['timeout', 'not-found'] as const),
    checkins: random.one(['punctual', 'punctual', 'punctual', 'jitter'] as const),
    hostnameFilterCase: random.one(['sensitive', 'insensitive'] as const),
  };
}
