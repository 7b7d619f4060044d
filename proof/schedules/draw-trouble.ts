import type { FaultKind, RequestMatch } from '../../simulator/index.js';
import { drawMd5, drawRequest } from './draw-request.js';
import type { Random } from './random.js';
import {
  FAULT_NAMES,
  type Action,
  type FaultName,
  type HostPlan,
  type PlannedEvent,
  type PlannedFault,
  type RunPlan,
  type Stage,
  type When,
} from './schedule.js';

const MINUTE = 60_000;

const ROUTES = [
  'GET /api/v1/sensor',
  'GET /api/v2/sensor',
  'GET /api/v1/sensor/:id',
  'PUT /api/v1/sensor/:id',
  'GET /api/v1/cblr/session',
  'POST /api/v1/cblr/session',
  'GET /api/v1/cblr/session/:id',
  'PUT /api/v1/cblr/session/:id',
  'POST /api/v1/cblr/session/:id/command',
  'GET /api/v1/cblr/session/:id/command/:command',
  '/api/v1/process',
  'GET /api/v1/banning/blacklist/:md5',
  'POST /api/v1/banning/blacklist',
  'PUT /api/v1/banning/blacklist/:md5',
  'DELETE /api/v1/banning/blacklist/:md5',
] as const;

/** Single requests that go wrong, or a few in a row. */
export function drawFaults(random: Random, stage: Stage): PlannedFault[] {
  const count = random.one([0, 1, 1, 2, 2, 3, 4, 6]);
  return Array.from({ length: count }, () => {
    const name = random.one(FAULT_NAMES);
    const anywhere = random.percent(35);
    const match: RequestMatch = anywhere
      ? { nth: random.int(1, requestsOf(stage)) }
      : { route: random.one(ROUTES), nth: random.size(1, 6) };
    return { name, match, times: random.size(1, 5), kind: kindOf(random, name, stage) };
  });
}

function kindOf(random: Random, name: FaultName, stage: Stage): FaultKind {
  switch (name) {
    case 'cut before':
      return 'cut';
    case 'act then cut':
      return 'act-then-cut';
    case '429 with Retry-After': {
      const seconds = random.size(1, stage === 'crash' ? 3 : 90);
      return { status: 429, body: 'Too Many Requests', headers: { 'retry-after': String(seconds) } };
    }
    case '500':
      return { status: 500, body: 'Internal Server Error' };
    case '502 HTML':
      return 'html-502';
    case '503':
      return { status: 503, body: 'Service Unavailable' };
    case 'slow':
      return { delayMs: random.size(300, stage === 'crash' ? 3_000 : 90_000) };
    case 'malformed':
      return 'malformed';
  }
}

export interface Cast {
  seed: number;
  stage: Stage;
  hosts: HostPlan[];
  runs: RunPlan[];
}

/** What people, hosts and machines do meanwhile, in no order. */
export function drawEvents(random: Random, cast: Cast): PlannedEvent[] {
  const { hosts, runs, stage } = cast;
  const events: PlannedEvent[] = [];
  const add = (when: When, action: Action): void => void events.push({ when, action });
  const count = random.one([0, 1, 1, 2, 2, 3, 4]);
  for (let i = 0; i < count; i += 1) {
    const event = { when: drawWhen(random, stage), action: drawAction(random, cast) };
    if (isClear(events, event)) events.push(event);
  }
  // One of them changes nothing unless something else does: what answers a run that asks.
  for (const [run, { request }] of runs.entries()) {
    const when = {
      ms: random.size(stage === 'crash' ? 2_000 : 20_000, stage === 'crash' ? 9_000 : 15 * MINUTE),
    };
    if (request.onFailure === 'ask' && random.percent(60))
      add(when, { do: 'decide', run, decision: random.one(['auto', 'release', 'keep'] as const) });
    if (request.approval !== undefined && random.percent(75))
      add(when, random.percent(75) ? { do: 'approve', run } : { do: 'deny', run });
  }
  for (const [host, { offline }] of hosts.entries()) {
    if (offline && random.percent(75))
      add({ ms: 0 }, { do: 'offline', host, forMs: random.size(20_000, 8 * 60 * MINUTE) });
  }
  if (stage === 'crash') {
    const kills = random.one([0, 1, 1, 2]);
    for (let i = 0; i < kills; i += 1)
      add(drawWhen(random, stage), { do: 'kill-worker', downMs: random.size(50, 4_000) });
  }
  return events;
}

/** About how many requests a world makes: those of the crash stage are shared by several schedules. */
function requestsOf(stage: Stage): number {
  return stage === 'crash' ? 240 : 60;
}

function drawWhen(random: Random, stage: Stage): When {
  if (random.percent(70))
    return { request: random.int(1, requestsOf(stage)), phase: random.one(['before', 'after'] as const) };
  return { ms: random.size(100, stage === 'crash' ? 15_000 : 90 * MINUTE) };
}

function drawAction(random: Random, cast: Cast): Action {
  const { seed, stage, hosts, runs } = cast;
  const quick = stage === 'crash';
  const run = random.int(0, runs.length - 1);
  const host = random.percent(85) ? (runs[run] as RunPlan).host : random.int(0, hosts.length - 1);
  const plan = hosts[host] as HostPlan;
  const forMs = quick ? random.size(500, 6_000) : random.size(2_000, 90 * MINUTE);
  const kind = random.weighted({
    cancel: 14,
    'terminate-run': quick ? 10 : 4,
    'terminate-lease': quick ? 8 : 4,
    join: 10,
    isolate: 6,
    release: 7,
    extend: 4,
    undo: 6,
    reconcile: 2,
    offline: 9,
    reboot: 4,
    'start-process': 3,
    'analyst-session': 7,
    'close-session': 5,
    'take-slots': 4,
    'console-wish': 5,
    'console-ban': 4,
    'revoke-token': 6,
    outage: 9,
  });
  switch (kind) {
    case 'cancel':
      return { do: kind, run, policy: random.one(['keep', 'release', null, null] as const) };
    case 'terminate-run':
    case 'undo':
      return { do: kind, run };
    case 'terminate-lease':
    case 'reboot':
    case 'close-session':
      return { do: kind, host };
    case 'join':
      return {
        do: kind,
        run,
        request: joining(random, seed, hosts[(runs[run] as RunPlan).host] as HostPlan, stage),
      };
    case 'isolate':
      return { do: kind, host, lease: random.percent(40) ? (quick ? '10s' : '15m') : null };
    case 'release':
      return { do: kind, host, allHolds: random.percent(40) };
    case 'extend':
      return { do: kind, host, duration: random.one(['until-released', quick ? '15s' : '20m']) };
    case 'reconcile':
      return { do: kind };
    case 'offline':
      return { do: kind, host, forMs };
    case 'start-process': {
      const [evil] = plan.processes;
      return { do: kind, host, path: evil?.path ?? 'c:\\temp\\other.exe', binary: evil?.binary ?? 'other' };
    }
    case 'analyst-session':
      return { do: kind, host, command: random.percent(60) };
    case 'take-slots':
      return { do: kind, count: random.int(6, 10), forMs };
    case 'console-wish':
      return { do: kind, host, wish: random.percent(50) };
    case 'console-ban':
      return { do: kind, md5: drawMd5(random, seed, plan), enabled: random.percent(50) };
    case 'revoke-token':
      return { do: kind, forMs };
    case 'outage':
      return {
        do: kind,
        forMs,
        kind: kindOf(
          random,
          random.one(['cut before', '500', '502 HTML', '503', '429 with Retry-After']),
          stage,
        ),
        route: random.percent(50) ? null : random.one(ROUTES),
      };
  }
}

/** So that everybody can tell whose a wish is: one word from the console for each host, and none where its lease is ended. */
function isClear(events: readonly PlannedEvent[], { action }: PlannedEvent): boolean {
  const others = events.map((event) => event.action);
  if (action.do !== 'console-wish' && action.do !== 'terminate-lease') return true;
  return !others.some(
    (other) =>
      (other.do === 'console-wish' || (other.do === 'terminate-lease' && action.do === 'console-wish')) &&
      other.host === action.host,
  );
}

/** A second request to the same host: who joins brings no policy of their own. */
function joining(random: Random, seed: number, host: HostPlan, stage: Stage): RunPlan['request'] {
  const { policy: _, ...request } = drawRequest(random, seed, host, stage);
  return request;
}
